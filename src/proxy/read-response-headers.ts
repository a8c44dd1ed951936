import { HOP_BY_HOP } from '../fixed-names.ts';
import { connectionNames } from './connection-names.ts';
import type { Exchange } from './exchange.ts';
import type { Header, RawHeaders } from './header.ts';
import { setsOwnCookie } from './sets-own-cookie.ts';

/**
 * The headers of an upstream's answer that may go to the client: nothing hop-by-hop or reserved, no cookie of ours, and a
 * length only where it is the length of what follows.
 */
export function readResponseHeaders(
  status: number,
  raw: RawHeaders,
  { isReserved, isOwnCookie }: Pick<Exchange, 'isReserved' | 'isOwnCookie'>,
): readonly Header[] {
  const named = connectionNames(raw);
  const headers: Header[] = [];
  // RFC 9112 section 6.3: Transfer-Encoding overrides Content-Length. RFC 9110 section 8.6: none in a 101 or 204.
  let hasLength = status >= 200 && status !== 204;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    hasLength &&= name !== 'transfer-encoding';
    const value = raw[i + 1] as string;
    const isDropped = named.has(name) || HOP_BY_HOP.has(name) || isReserved(name);
    if (!isDropped && !(name === 'set-cookie' && setsOwnCookie(value, isOwnCookie))) {
      headers.push([name, value]);
    }
  }
  return hasLength ? headers : headers.filter(([name]) => name !== 'content-length');
}
