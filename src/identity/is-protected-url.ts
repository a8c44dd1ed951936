import { isLoopback } from '../is-loopback.ts';

/** Whether what an issuer publishes there can be believed: at `https:`, or at `http:` on loopback. */
export function isProtectedUrl(url: string): boolean {
  const { protocol, hostname = '' } = URL.parse(url) ?? {};
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}
