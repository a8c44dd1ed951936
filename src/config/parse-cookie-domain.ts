import { isIP } from 'node:net';
import type { Refuse } from './kinds.ts';

/** Reads the domain of a cookie, with or without the dot that browsers drop (RFC 6265, section 5.2.3). */
export function parseCookieDomain(text: string, refuse: Refuse): string | undefined {
  const domain = text.toLowerCase().replace(/^\./, '');
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(domain)) return refuse();
  if (isIP(domain) !== 0) return refuse('must be a name: there are no cookies for a range of addresses');
  return domain.includes('.') ? domain : refuse('must be more than one label: browsers take no cookie for all of it');
}
