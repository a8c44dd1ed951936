import type { ResponseHeaderAction } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import { isReservedName } from '../reserved-names.ts';
import { editHeaders } from './edit-headers.ts';
import type { Header } from './header.ts';
import { writeHeaderValue } from './write-header-value.ts';

/**
 * Carries out a decision's response header actions, in their order.
 *
 * @param texts those of the configuration, by number
 * @throws BehalfError ERR_ENGINE_DECISION
 */
export function applyResponseHeaders(
  headers: readonly Header[],
  actions: readonly ResponseHeaderAction[],
  texts: readonly string[],
): readonly Header[] {
  const edits = actions.map((action) => {
    const { name } = action;
    if (action.action === 'remove') return { name, value: null };
    if (isReservedName(name)) throw refused(`set ${name}`);
    // An assertion is for upstreams alone.
    const sign = () => {
      throw refused('sign');
    };
    return { name, value: writeHeaderValue(action.value, texts, sign) };
  });
  return editHeaders(headers, edits);
}

function refused(what: string): BehalfError {
  return new BehalfError('ERR_ENGINE_DECISION', `the decision may not ${what} in an answer`);
}
