import { isLoopbackSite } from '../is-loopback-site.ts';
import type { Refuse } from './kinds.ts';
import { parseUrl } from './parse-url.ts';

/** Reads the origin of a service of the proxy's own: https, or http on loopback, without a path. */
export function parseServiceUrl(text: string, refuse: Refuse): URL | undefined {
  const url = parseUrl(text, refuse);
  if (url === undefined) return undefined;
  if (url.protocol === 'http:' && !isLoopbackSite(url.hostname)) return refuse('must be https, or http on loopback');
  if (url.pathname !== '/') return refuse('must have no path');
  return /\*|\.\.|^\.|\.$/.test(url.hostname) ? refuse('must name one host, without "*" and empty labels') : url;
}
