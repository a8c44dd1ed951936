import type { ResponseHeaderAction } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import { isReservedName } from '../reserved-names.ts';
import { createEditor } from './edit-headers.ts';
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
  return edit(headers, actions, (action) =>
    action.action === 'remove' ? null : writeHeaderValue(action.value, texts, refuseToSign),
  );
}

const edit = createEditor<ResponseHeaderAction>(({ action, name }) => {
  if (action === 'set' && isReservedName(name)) throw refused(`set ${name}`);
});

/** An assertion is for upstreams alone. */
function refuseToSign(): never {
  throw refused('sign');
}

function refused(what: string): BehalfError {
  return new BehalfError('ERR_ENGINE_DECISION', `the decision may not ${what} in an answer`);
}
