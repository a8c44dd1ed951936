import { canonicalName } from '../reserved-names.ts';
import type { Context } from './kinds.ts';
import type { WrittenName } from './parse-header-name.ts';
import { quote } from './quote.ts';

/** Refuses a second spelling of a name in one list: many upstreams take `X_Team` for `X-Team`. */
export function checkSpellings(names: readonly WrittenName[], { subject, problems }: Context): void {
  const seen = new Map<string, string>();
  for (const { name, position } of names) {
    const canonical = canonicalName(name);
    const first = seen.get(canonical);
    if (first === undefined) seen.set(canonical, name);
    else problems.error(position, `${subject} names ${quote(first)} already, and upstreams may take one for the other`);
  }
}
