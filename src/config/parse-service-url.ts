import type { Refuse } from './kinds.ts';
import { parseIssuer } from './parse-issuer.ts';

/** Reads the origin of a service of the proxy's own: https, or http on loopback, without a path. */
export function parseServiceUrl(text: string, refuse: Refuse): URL | undefined {
  const written = parseIssuer(text, refuse);
  if (written === undefined) return undefined;
  const url = new URL(written);
  return url.pathname === '/' ? url : refuse('must have no path');
}
