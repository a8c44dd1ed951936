import { BehalfError } from '../errors.ts';
import { FIXED_NAMES } from '../fixed-names.ts';
import { HEADER_NAME, HEADER_VALUE } from '../header-syntax.ts';
import { canonicalName } from '../reserved-names.ts';
import type { Header } from './header.ts';

/** What becomes of a header in all its spellings; null takes it away. */
export interface HeaderEdit {
  readonly name: string;
  /** As its bytes go out, one character a byte (Latin-1). */
  readonly value: string | null;
}

/**
 * `headers` after all edits: the last word on a name, in whatever spelling, counts. What was set stands at the end, in the
 * order of the edits.
 *
 * @throws BehalfError ERR_ENGINE_DECISION for a name that no decision may touch, and what cannot be sent
 */
export function editHeaders(headers: readonly Header[], edits: readonly HeaderEdit[]): readonly Header[] {
  const last = new Map<string, Header | null>();
  for (const { name, value } of edits) {
    const canonical = canonicalName(name);
    if (FIXED_NAMES.has(canonical)) throw refused('touches what is the proxy’s own', name);
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value ?? '')) throw refused('sets what cannot be sent', name);
    // Else the map would keep the place of the earlier one.
    last.delete(canonical);
    last.set(canonical, value === null ? null : [name.toLowerCase(), value]);
  }
  const set = [...last.values()].filter((header) => header !== null);
  return [...headers.filter(([name]) => !last.has(canonicalName(name))), ...set];
}

function refused(what: string, name: string): BehalfError {
  return new BehalfError('ERR_ENGINE_DECISION', `the decision ${what}: ${JSON.stringify(name)}`);
}
