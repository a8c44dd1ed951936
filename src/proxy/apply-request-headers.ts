import type { AssertionClaims, Caller, RequestHeaderAction } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import type { Identity } from '../identity/open-identity.ts';
import type { Header } from './header.ts';
import { ASSERTION, ASSERTION_FOR, CLAIM_PREFIX, isReservedName } from './reserved-names.ts';
import { setHeader, withoutHeader } from './set-header.ts';
import type { VerifiedAssertion } from './verified-assertion.ts';

/** What actions may be carried out with: who this request's caller and original user are, and where it was sent. */
export interface ActionFacts {
  readonly host: string;
  readonly caller: Caller | null;
  readonly original: VerifiedAssertion | null;
}

/**
 * Carries out a decision's header actions, in their order. An assertion is written by `sign` and `carry` alone, and only
 * under its own name; a signed one says only what is true of this request.
 *
 * @throws BehalfError ERR_ENGINE_DECISION, ERR_STATE_UNUSABLE
 */
export async function applyRequestHeaders(
  headers: readonly Header[],
  actions: readonly RequestHeaderAction[],
  facts: ActionFacts,
  identity: Identity,
): Promise<readonly Header[]> {
  let result = headers;
  for (const action of actions) {
    switch (action.action) {
      case 'remove':
        result = withoutHeader(result, action.name);
        break;
      case 'set':
        refuseUnless(!isReservedName(action.name) || action.name.startsWith(CLAIM_PREFIX), `set ${action.name}`);
        result = setHeader(result, action.name, action.value);
        break;
      case 'sign':
        refuseUnless(action.name === ASSERTION && isTrue(action.claims, facts), `sign ${action.name}`);
        result = setHeader(
          result,
          ASSERTION,
          await identity.signAssertion(action.claims, facts.caller?.expires_at ?? null),
        );
        break;
      case 'carry':
        refuseUnless(action.name === ASSERTION_FOR && facts.original !== null, `carry ${action.name}`);
        result = setHeader(result, ASSERTION_FOR, facts.original?.token ?? '');
        break;
    }
  }
  return result;
}

function isTrue(claims: AssertionClaims, { host, caller }: ActionFacts): boolean {
  return (
    caller !== null &&
    claims.iss === host &&
    claims.aud === host &&
    claims.sub === caller.id &&
    claims.user === caller.id &&
    claims.caller_type === caller.type
  );
}

function refuseUnless(condition: boolean, what: string): asserts condition {
  if (!condition) {
    throw new BehalfError('ERR_ENGINE_DECISION', `the decision may not ${what} for this request`);
  }
}
