import { ORIGINAL_USER_ERRORS, type OriginalUserError } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import type { Identity, Presentation } from '../identity/open-identity.ts';
import type { Presented } from './read-headers.ts';
import { UnverifiedAssertion } from './unverified-assertion.ts';
import { VerifiedAssertion } from './verified-assertion.ts';

/** At most one of the three is not null; all are where no assertion was brought. */
export interface FoundOriginalUser {
  readonly original: VerifiedAssertion | null;
  readonly unverified: UnverifiedAssertion | null;
  readonly originalError: OriginalUserError | null;
}

export const NO_ORIGINAL_USER: FoundOriginalUser = { original: null, unverified: null, originalError: null };

/**
 * On whose behalf a service account calls: what -For says, and where there is no -For, what the Assertion says.
 *
 * @param mode the configuration's `original_user`
 * @throws BehalfError ERR_STATE_UNUSABLE, ERR_IDENTITY_UNAVAILABLE: nothing can be said, not even that it is not valid
 */
export async function findOriginalUser(
  presented: Presented,
  identity: Identity,
  presentation: Presentation,
  mode: 'verified' | 'unverified',
): Promise<FoundOriginalUser> {
  const values = isBrought(presented.assertionFor) ? presented.assertionFor : presented.assertion;
  const [token] = values;
  if (token === undefined || !isBrought(values)) return NO_ORIGINAL_USER;
  // A proxy on the way may have joined two lines with a comma (RFC 9110 section 5.3).
  if (values.length > 1 || token.includes(',')) return { ...NO_ORIGINAL_USER, originalError: 'repeated' };
  if (mode === 'unverified') {
    const unverified = UnverifiedAssertion.parse(token);
    return { ...NO_ORIGINAL_USER, unverified, originalError: unverified === null ? 'malformed' : null };
  }
  try {
    return { ...NO_ORIGINAL_USER, original: await VerifiedAssertion.verify(identity, token, presentation) };
  } catch (error) {
    if (!(error instanceof BehalfError) || error.code !== 'ERR_ASSERTION_INVALID') throw error;
    const originalError = ORIGINAL_USER_ERRORS.find((name) => name === error.reason) ?? 'malformed';
    return { ...NO_ORIGINAL_USER, originalError };
  }
}

/** An empty value is none: apps that copy a header which they did not get send one. */
function isBrought(values: readonly string[]): boolean {
  return values.length > 1 || (values[0] ?? '') !== '';
}
