import { isLoopback } from './is-loopback.ts';

/**
 * Whether a URL's host is this machine for browsers, which find `*.localhost` there by themselves (RFC 6761, section 6.3)
 * and keep `Secure` cookies of `http:` there (Secure Contexts, section 3.1).
 */
export function isLoopbackSite(hostname: string): boolean {
  return hostname.endsWith('.localhost') || isLoopback(hostname);
}
