import type { Refuse } from './kinds.ts';

/** Reads what stands behind the `@` of an address; returned in lower case. */
export function parseEmailDomain(text: string, refuse: Refuse): string | undefined {
  return /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/.test(text) ? text.toLowerCase() : refuse();
}
