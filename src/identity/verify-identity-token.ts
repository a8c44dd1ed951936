import { createHash } from 'node:crypto';
import type { Caller } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import { flattenClaims } from './flatten-claims.ts';
import { credentialInvalid } from './identity-errors.ts';
import { judgeTimes } from './judge-times.ts';
import type { ProviderKeys } from './open-provider-keys.ts';
import type { Store } from './open-store.ts';
import { parseCompactJws } from './parse-compact-jws.ts';

export const MAX_IDENTITY_TOKEN_LENGTH = 16_384;
const CLOCK_SKEW_SECONDS = 60;

/** The identity provider whose tokens count, and the client that they must be for. */
export interface ProviderIdentity {
  /** As its discovery document spells it. */
  readonly issuer: string;
  readonly clientId: string;
}

/**
 * The person whom an identity token is about (OpenID Connect Core 1.0, section 3.1.3.7). Rejects with
 * ERR_CREDENTIAL_INVALID, ERR_IDENTITY_AMBIGUOUS, ERR_IDENTITY_UNAVAILABLE, ERR_STATE_UNUSABLE.
 */
export async function verifyIdentityToken(
  token: string,
  { issuer, clientId }: ProviderIdentity,
  keys: ProviderKeys,
  store: Store,
): Promise<Caller> {
  const jws = parseCompactJws(token, MAX_IDENTITY_TOKEN_LENGTH);
  if (jws === null) {
    throw credentialInvalid('malformed', `is no compact JWS of at most ${MAX_IDENTITY_TOKEN_LENGTH} characters`);
  }
  const { header, payload } = jws;
  const { iss, aud, azp, sub, exp, iat, nbf, name, groups, email_verified: emailVerified } = payload;

  // Before a signature is looked at, so that what others issue costs no fetch of keys.
  if (iss !== issuer) throw credentialInvalid('issuer', `is of ${JSON.stringify(iss)}, not of the identity provider`);
  const verdict = await keys.judge(token);
  if (verdict === 'unknown') throw credentialInvalid('unknown', 'names a key that the identity provider does not have');
  if (verdict === 'forged') throw credentialInvalid('forged', 'is not signed with a key of the identity provider');

  // The same keys sign logout tokens, access tokens and more (RFC 8725, section 3.11; Back-Channel Logout, section 2.6).
  const { typ = 'JWT' } = header;
  if (typeof typ !== 'string' || typ.toUpperCase() !== 'JWT' || Object.hasOwn(payload, 'events')) {
    throw credentialInvalid('malformed', 'is another kind of token of the identity provider');
  }
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!audiences.includes(clientId) || (audiences.length > 1 && azp !== clientId)) {
    throw credentialInvalid('audience', `is for ${JSON.stringify(aud)}, not for ${JSON.stringify(clientId)}`);
  }
  // Beyond some 200 groups Entra ID names none, and says so: a deny on a group would not see it.
  if (Object.hasOwn(Object(payload['_claim_names']), 'groups') || payload['hasgroups'] === true) {
    throw credentialInvalid('malformed', 'leaves its groups out (groups overage): have the provider send fewer');
  }
  const fault = judgeTimes({ exp, iat, nbf }, CLOCK_SKEW_SECONDS, Date.now() / 1000);
  if (fault !== null) throw credentialInvalid(fault, `is ${fault}: exp ${exp}, iat ${iat}, nbf ${nbf}`);

  // Some providers write booleans as text. Whatever else there is, it does not say that the email is verified.
  const { email, ...others } = payload;
  const isUnverified = ![undefined, true, 'true'].includes(emailVerified as undefined);
  const claims = flattenClaims(isUnverified ? others : payload);
  if (typeof sub !== 'string' || sub === '' || claims === null) {
    throw credentialInvalid('malformed', 'has no usable claims');
  }
  if (store.knowsServiceAccount(sub)) {
    throw new BehalfError(
      'ERR_IDENTITY_AMBIGUOUS',
      `the person ${JSON.stringify(sub)} has the ID of a service account`,
    );
  }

  return {
    type: 'user',
    id: sub,
    email: typeof email === 'string' && !isUnverified ? email : '',
    name: typeof name === 'string' ? name : '',
    groups: [groups].flat().filter((group) => typeof group === 'string'),
    claims,
    session_id: writeSessionId(token),
    // The second in which the token is no longer taken: an assertion may last as long as its caller.
    expires_at: Math.floor(Number(exp)) + CLOCK_SKEW_SECONDS,
  };
}

/** The signature is left out: an ECDSA one has a second spelling, which anyone can make and which is as good. */
function writeSessionId(token: string): string {
  return createHash('sha256')
    .update(token.slice(0, token.lastIndexOf('.')))
    .digest('base64url');
}
