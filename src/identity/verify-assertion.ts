import type { OriginalUser } from '../engine/documents.ts';
import { assertionInvalid } from './identity-errors.ts';
import { isSignedBy } from './is-signed-by.ts';
import type { SigningKey } from './load-signing-key.ts';
import type { Store } from './open-store.ts';
import { parseAssertionClaims } from './parse-assertion-claims.ts';
import { parseCompactJws } from './parse-compact-jws.ts';
import { ASSERTION, hasExactly } from './token-kinds.ts';

/**
 * Whom an incoming assertion is about. Rejects with ERR_ASSERTION_INVALID, whose `reason` is the `original_user_error`,
 * and with ERR_STATE_UNUSABLE where it cannot be known whether it was revoked.
 */
export async function verifyAssertion(
  token: string,
  key: SigningKey,
  store: Store,
  servesHost: (host: string) => boolean,
): Promise<OriginalUser> {
  const jws = parseCompactJws(token, ASSERTION.maxLength);
  if (jws === null)
    throw assertionInvalid('malformed', `is no compact JWS of at most ${ASSERTION.maxLength} characters`);
  const { iss, sid } = jws.payload;

  // Not yet verified, `iss` only picks whose rules and keys apply. So far there is one issuer: ourselves.
  if (typeof iss !== 'string' || !servesHost(iss)) throw assertionInvalid('issuer', 'is not by a host of this proxy');

  // All three are compared with what we write, so that the algorithm is never the token's choice; and no other member
  // is let through (`jwk`, `jku`, `x5c`, `x5u`, `zip`, ...), though nothing here would follow it.
  const { alg, kid } = key;
  if (!hasExactly(jws.header, { alg, typ: ASSERTION.typ, kid }) || !(await isSignedBy(token, key.publicKey, alg))) {
    throw assertionInvalid('signature', 'is not signed with a key of this proxy');
  }

  const now = Date.now() / 1000;
  const user = parseAssertionClaims(jws.payload, servesHost, now);

  const record = typeof sid === 'string' ? store.findToken(sid) : undefined;
  const ended = record !== undefined && (record.revoked_at !== null || (record.expires_at ?? Infinity) <= now);
  // The store is an allow-list: a service account that it does not know has lost its record.
  if (ended || (record === undefined && user.type === 'service_account')) {
    throw assertionInvalid('revoked', 'is of a credential that was revoked');
  }
  return user;
}
