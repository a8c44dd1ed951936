import { HOP_BY_HOP } from '../fixed-names.ts';
import type { ReservedNames } from './build-reserved-names.ts';
import { connectionNames } from './connection-names.ts';
import type { Header, RawHeaders } from './header.ts';

/**
 * The headers of an upstream's answer that may go to the client: nothing hop-by-hop or reserved, and a length only where
 * it is the length of what follows.
 */
export function readResponseHeaders(status: number, raw: RawHeaders, isReserved: ReservedNames): readonly Header[] {
  const named = connectionNames(raw);
  const headers: Header[] = [];
  // RFC 9112 section 6.3: Transfer-Encoding overrides Content-Length. RFC 9110 section 8.6: none in a 101 or 204.
  let hasLength = status >= 200 && status !== 204;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    hasLength &&= name !== 'transfer-encoding';
    if (!named.has(name) && !HOP_BY_HOP.has(name) && !isReserved(name)) {
      headers.push([name, raw[i + 1] as string]);
    }
  }
  return hasLength ? headers : headers.filter(([name]) => name !== 'content-length');
}
