import type { AssertionClaims, Caller, RequestHeaderAction, TokenKind } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import type { Identity } from '../identity/open-identity.ts';
import { ASSERTION, ASSERTION_FOR, CLAIM_PREFIX, isReservedName } from '../reserved-names.ts';
import type { Session } from '../session/session.ts';
import { createEditor } from './edit-headers.ts';
import type { Header } from './header.ts';
import type { UnverifiedAssertion } from './unverified-assertion.ts';
import type { VerifiedAssertion } from './verified-assertion.ts';
import { type ValueSources, writeHeaderValue } from './write-header-value.ts';

/** What actions may be carried out with: who this request's caller and original user are, and where it was sent. */
export interface ActionFacts {
  readonly host: string;
  readonly caller: Caller | null;
  readonly original: VerifiedAssertion | null;
  readonly unverified: UnverifiedAssertion | null;
  /** Whose tokens are sent where the configuration asks for them. One that a program brings is its credential, and is not. */
  readonly session: Pick<Session, 'tokens'> | null;
  /** Texts of the configuration, by number. */
  readonly headerTexts: readonly string[];
}

/**
 * Carries out a decision's header actions, in their order. Under an assertion's own name only `sign` and `carry` write;
 * whatever is signed, wherever it goes, says only what is true of this request.
 *
 * @throws BehalfError ERR_ENGINE_DECISION, ERR_STATE_UNUSABLE
 */
export function applyRequestHeaders(
  headers: readonly Header[],
  actions: readonly RequestHeaderAction[],
  facts: ActionFacts,
  identity: Pick<Identity, 'signAssertion'>,
): readonly Header[] {
  const sign = (claims: AssertionClaims) => {
    refuseUnless(isTrue(claims, facts), 'sign these claims');
    return identity.signAssertion(claims, facts.caller?.expires_at ?? null);
  };
  const token = (kind: TokenKind) => findToken(kind, facts.session);
  const sources: ValueSources = { texts: facts.headerTexts, sign, token };
  return edit(headers, actions, (action) => {
    switch (action.action) {
      case 'remove':
      case 'omit':
        return null;
      case 'set':
        return writeHeaderValue(action.value, sources);
      case 'sign':
        return sign(action.claims);
      case 'carry':
        return findCarried(action.from, facts);
    }
  });
}

const edit = createEditor<RequestHeaderAction>(({ action, name }) => {
  switch (action) {
    case 'remove':
    case 'omit':
      break;
    case 'set':
      refuseUnless(!isReservedName(name) || name.startsWith(CLAIM_PREFIX), `set ${name}`);
      break;
    case 'sign':
      refuseUnless(name === ASSERTION, `sign ${name}`);
      break;
    case 'carry':
      refuseUnless(name === ASSERTION_FOR, `carry ${name}`);
      break;
  }
});

function findCarried(from: 'original_user' | 'unverified', facts: ActionFacts): string | null {
  // A decision knows of a verified assertion; of another one not even that it was brought.
  if (from === 'unverified') return facts.unverified?.token ?? null;
  refuseUnless(facts.original !== null, 'carry what was not verified');
  return facts.original.token;
}

function findToken(kind: TokenKind, session: ActionFacts['session']): string | null {
  const tokens = session?.tokens ?? null;
  if (tokens === null) return null;
  return kind === 'id_token' ? tokens.idToken : tokens.accessToken;
}

function isTrue(claims: AssertionClaims, { host, caller }: ActionFacts): boolean {
  return (
    caller !== null &&
    (claims.iss === host || claims.iss === `https://${host}/`) &&
    claims.aud === host &&
    claims.sub === caller.id &&
    claims.user === caller.id &&
    claims.email === caller.email &&
    claims.name === caller.name &&
    claims.sid === caller.session_id &&
    claims.caller_type === caller.type
  );
}

function refuseUnless(condition: boolean, what: string): asserts condition {
  if (!condition) {
    throw new BehalfError('ERR_ENGINE_DECISION', `the decision may not ${what} for this request`);
  }
}
