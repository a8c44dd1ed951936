import type { HeaderValue, ResponseHeaderAction } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import { isReservedName } from '../reserved-names.ts';
import { createEditor } from './edit-headers.ts';
import type { Header } from './header.ts';
import { writeHeaderValue } from './write-header-value.ts';

/**
 * Carries out a decision's response header actions: first the rewrites, of what the upstream sent, each on what those
 * before it made; then the others, in their order.
 *
 * @param texts those of the configuration, by number
 * @throws BehalfError ERR_ENGINE_DECISION
 */
export function applyResponseHeaders(
  headers: readonly Header[],
  actions: readonly ResponseHeaderAction[],
  texts: readonly string[],
): readonly Header[] {
  const write = (value: HeaderValue) => writeHeaderValue(value, { texts, sign: refuseToSign, token: refuseToken });
  const rewritten = actions.reduce(
    (before, action) => (action.action === 'rewrite' ? before.map((header) => rewrite(header, action, write)) : before),
    headers,
  );
  return edit(rewritten, actions, (action) => (action.action === 'set' ? write(action.value) : null));
}

const edit = createEditor<ResponseHeaderAction>(({ action, name }) => {
  if (action !== 'remove' && isReservedName(name)) throw refused(`${action} ${name}`);
});

function rewrite(
  header: Header,
  action: ResponseHeaderAction & { action: 'rewrite' },
  write: (value: HeaderValue) => string | null,
): Header {
  const [name, value] = header;
  if (name !== action.name) return header;
  const prefix = write(action.prefix);
  const replacement = write(action.value);
  if (prefix === null || replacement === null || !value.startsWith(prefix)) return header;
  return [name, replacement + value.slice(prefix.length)];
}

/** An assertion is for upstreams alone. */
function refuseToSign(): never {
  throw refused('sign');
}

/** And so is what the identity provider gave to a caller. */
function refuseToken(): never {
  throw refused('show a token');
}

function refused(what: string): BehalfError {
  return new BehalfError('ERR_ENGINE_DECISION', `the decision may not ${what} in an answer`);
}
