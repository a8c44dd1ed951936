import { isLoopback } from '../is-loopback.ts';
import type { Refuse } from './kinds.ts';
import { parseUrl } from './parse-url.ts';

/** Reads a provider's issuer, and returns it as it is written: it is compared with the provider's own spelling. */
export function parseIssuer(text: string, refuse: Refuse): string | undefined {
  const url = parseUrl(text, refuse);
  if (url === undefined) return undefined;
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return refuse('must be https, or http on loopback');
  return text;
}
