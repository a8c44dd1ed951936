import type { Refuse } from './kinds.ts';

/** Reads `#rgb` or `#rrggbb` in any case, and returns the latter in lower case. */
export function parseColor(text: string, refuse: Refuse): string | undefined {
  const [, short, long] = /^#(?:([0-9a-f]{3})|([0-9a-f]{6}))$/i.exec(text) ?? [];
  const digits = long ?? short?.replace(/./g, '$&$&');
  return digits === undefined ? refuse() : `#${digits.toLowerCase()}`;
}
