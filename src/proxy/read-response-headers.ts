import type { Header, RawHeaders } from './header.ts';
import { connectionNames, HOP_BY_HOP } from './hop-by-hop.ts';
import { isReservedName } from './reserved-names.ts';

/**
 * The headers of an upstream's answer that may go to the client: nothing hop-by-hop or reserved, and a length only where
 * it is the length of what follows.
 */
export function readResponseHeaders(status: number, raw: RawHeaders): readonly Header[] {
  const named = connectionNames(raw);
  const headers: Header[] = [];
  // RFC 9112 section 6.3: Transfer-Encoding overrides Content-Length. RFC 9110 section 8.6: none in a 204.
  let hasLength = status !== 204;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    hasLength &&= name !== 'transfer-encoding';
    if (!named.has(name) && !HOP_BY_HOP.has(name) && !isReservedName(name)) {
      headers.push([name, raw[i + 1] as string]);
    }
  }
  return hasLength ? headers : headers.filter(([name]) => name !== 'content-length');
}
