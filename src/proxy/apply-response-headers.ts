import type { ResponseHeaderAction } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import type { Header } from './header.ts';
import { isReservedName } from './reserved-names.ts';
import { setHeader, withoutHeader } from './set-header.ts';

/** Carries out a decision's response header actions, in their order. @throws BehalfError ERR_ENGINE_DECISION */
export function applyResponseHeaders(
  headers: readonly Header[],
  actions: readonly ResponseHeaderAction[],
): readonly Header[] {
  return actions.reduce((result, action) => {
    if (action.action === 'remove') {
      return withoutHeader(result, action.name);
    }
    if (isReservedName(action.name)) {
      throw new BehalfError('ERR_ENGINE_DECISION', `the decision may not set ${action.name} in an answer`);
    }
    return setHeader(result, action.name, action.value);
  }, headers);
}
