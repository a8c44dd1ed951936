import type { Refuse } from './kinds.ts';
import { parseUrl } from './parse-url.ts';

/** Reads the URL of a page, which may have a query and a fragment. */
export function parsePageUrl(text: string, refuse: Refuse): URL | undefined {
  const [address = ''] = text.split(/[?#]/, 1);
  if (parseUrl(address, refuse) === undefined) return undefined;
  return /[\s\\\p{Cc}]/u.test(text) ? refuse() : (URL.parse(text) ?? refuse());
}
