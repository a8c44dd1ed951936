import { isLoopback } from '../is-loopback.ts';

/** With a code it is still an URL that every browser takes, and sealed one of ours. */
const MAX_LENGTH = 512;
/** What the answer adds. */
const OURS = ['code', 'error'];

/**
 * Where a program waits for its code: `http:` on the machine itself (RFC 8252, section 7.3), so that the code goes to no
 * other. Null for every other address, and for one that could be taken for an answer already.
 */
export function parseRedirectUri(text: string): URL | null {
  const url = text.length > MAX_LENGTH ? null : URL.parse(text);
  if (url === null || url.protocol !== 'http:' || !isLoopback(url.hostname)) return null;
  if (url.username !== '' || url.password !== '' || url.href.includes('#')) return null;
  return url.href.length > MAX_LENGTH || OURS.some((name) => url.searchParams.has(name)) ? null : url;
}
