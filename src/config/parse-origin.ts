import type { Refuse } from './kinds.ts';
import { parseUrl } from './parse-url.ts';

/** Reads an origin, and returns it as browsers write it in `Origin` (RFC 6454, section 6.2). */
export function parseOrigin(text: string, refuse: Refuse): string | undefined {
  const url = parseUrl(text, refuse);
  if (url === undefined) return undefined;
  if (url.pathname !== '/') return refuse('must have no path');
  return url.hostname.includes('*') ? refuse('must name one host, without "*"') : url.origin;
}
