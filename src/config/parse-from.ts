import type { RouteFrom } from './config.ts';
import type { Refuse } from './kinds.ts';
import { parseUrl } from './parse-url.ts';

/** Reads the external origin of a route. Its port does not count: a route matches its host on any port. */
export function parseFrom(text: string, refuse: Refuse): RouteFrom | undefined {
  const url = parseUrl(text, refuse);
  if (url === undefined) return undefined;
  if (url.pathname !== '/') return refuse('must have no path; "prefix", "path" and "regex" are for paths');
  const host = url.hostname.replace(/\.$/, '');
  if (host.split('.').includes('')) return refuse();
  const port = /:\d+\/?$/.test(text) ? { port: url.port } : {};
  return { scheme: url.protocol === 'http:' ? 'http' : 'https', host, ...port };
}
