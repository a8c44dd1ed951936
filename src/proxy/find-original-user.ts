import { ORIGINAL_USER_ERRORS, type OriginalUserError } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import type { Identity } from '../identity/open-identity.ts';
import type { Presented } from './read-headers.ts';
import { VerifiedAssertion } from './verified-assertion.ts';

/** At most one of the two is not null; both are where no assertion was brought. */
export interface FoundOriginalUser {
  readonly original: VerifiedAssertion | null;
  readonly originalError: OriginalUserError | null;
}

/**
 * On whose behalf a service account calls: what -For says, and where there is no -For, what the Assertion says.
 *
 * @throws BehalfError ERR_STATE_UNUSABLE, ERR_IDENTITY_UNAVAILABLE: nothing can be said, not even that it is not valid
 */
export async function findOriginalUser(presented: Presented, identity: Identity): Promise<FoundOriginalUser> {
  const values = isBrought(presented.assertionFor) ? presented.assertionFor : presented.assertion;
  const [token] = values;
  if (token === undefined || !isBrought(values)) {
    return { original: null, originalError: null };
  }
  // A proxy on the way may have joined two lines with a comma (RFC 9110 section 5.3).
  if (values.length > 1 || token.includes(',')) {
    return { original: null, originalError: 'repeated' };
  }
  try {
    return { original: await VerifiedAssertion.verify(identity, token), originalError: null };
  } catch (error) {
    if (error instanceof BehalfError && error.code === 'ERR_ASSERTION_INVALID') {
      return {
        original: null,
        originalError: ORIGINAL_USER_ERRORS.find((name) => name === error.reason) ?? 'malformed',
      };
    }
    throw error;
  }
}

/** An empty value is none: apps that copy a header which they did not get send one. */
function isBrought(values: readonly string[]): boolean {
  return values.length > 1 || (values[0] ?? '') !== '';
}
