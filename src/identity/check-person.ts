import { BehalfError } from '../errors.ts';
import type { Store } from './open-store.ts';

/**
 * A person's id is the provider's word, and must be nobody else's: no service account's, a revoked one's included, and
 * none of a trusted issuer's people, which begin with its name and a slash.
 *
 * @throws BehalfError ERR_IDENTITY_AMBIGUOUS, ERR_STATE_UNUSABLE
 */
export function checkPerson(
  id: string,
  store: Pick<Store, 'knowsServiceAccount'>,
  trustedIssuers: readonly string[],
): void {
  if (store.knowsServiceAccount(id)) {
    throw new BehalfError('ERR_IDENTITY_AMBIGUOUS', `the person ${JSON.stringify(id)} has the ID of a service account`);
  }
  if (trustedIssuers.some((issuer) => id.startsWith(`${issuer}/`))) {
    throw new BehalfError(
      'ERR_IDENTITY_AMBIGUOUS',
      `the person ${JSON.stringify(id)} has the ID of a person of a trusted issuer`,
    );
  }
}
