import type { Refuse } from './kinds.ts';

/** What a schema can tell of such a URL. */
export const WEB_URL = { pattern: '^[hH][tT][tT][pP][sS]?://' };

/**
 * Reads an absolute http or https URL without credentials, query and fragment, and takes nothing that a browser would
 * mend. No message quotes the URL, which may hold credentials.
 */
export function parseUrl(text: string, refuse: Refuse): URL | undefined {
  const [, scheme, authority, path] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)/i.exec(text) ?? [];
  if (scheme === undefined || authority === undefined || path === undefined) return refuse();
  if (!/^https?$/i.test(scheme)) return refuse('must start with https:// or http://; Behalf has no other scheme yet');
  if (authority.includes('@')) return refuse('must not hold credentials');
  if (/[?#]/.test(text)) return refuse('must have no query and no fragment');
  // The URL parser drops tabs and newlines, trims, and takes a backslash for a slash.
  if (!/^[^\s\\\p{Cc}]+$/u.test(text)) return refuse();
  return URL.parse(text) ?? refuse();
}
