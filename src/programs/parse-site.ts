import { isLoopbackSite } from '../is-loopback-site.ts';

/** An address that a code or a token may go to: `https:`, or `http:` on loopback, without a user. Null for others. */
export function parseSite(text: string): URL | null {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return null;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackSite(url.hostname)) ? url : null;
}
