import type { Refuse } from './kinds.ts';

/** Reads the name of a cookie: letters, digits, `_`, `-` and `.`, of what RFC 6265 allows; short, as it goes with every request. */
export function parseCookieName(text: string, refuse: Refuse): string | undefined {
  if (/^__(?:host|secure|http)/i.test(text)) {
    return refuse(
      'must be without a prefix such as __Host-: the proxy itself writes it where there is no "cookie_domain"',
    );
  }
  return /^[A-Za-z0-9_.-]{1,64}$/.test(text) ? text : refuse();
}
