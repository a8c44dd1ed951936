import { createHash } from 'node:crypto';
import type { Caller } from '../engine/documents.ts';
import { checkPerson } from './check-person.ts';
import { findGroups } from './find-groups.ts';
import { findProviderTokenKind } from './find-provider-token-kind.ts';
import { flattenClaims } from './flatten-claims.ts';
import { credentialInvalid } from './identity-errors.ts';
import type { SignatureJudge } from './judge-by-keys.ts';
import { judgeTimes } from './judge-times.ts';
import { leavesGroupsOut } from './leaves-groups-out.ts';
import type { Store } from './open-store.ts';
import { type CompactJws, parseCompactJws } from './parse-compact-jws.ts';
import { withoutUnverifiedEmail } from './without-unverified-email.ts';

export const MAX_PROVIDER_TOKEN_LENGTH = 16_384;

/** Which tokens of the identity provider name a caller. */
export interface ProviderRules {
  /** As its discovery document spells it. */
  readonly issuer: string;
  /** The audience of identity tokens. */
  readonly clientId: string;
  readonly kind: 'identity' | 'access';
  /** The claim that lists groups: its name, or dotted path. */
  readonly groupsClaim: string;
  /** Of access tokens; one has to be among theirs. */
  readonly accessTokenAudiences: readonly string[];
  /** Whose people have ids that begin with one of these and a slash. */
  readonly trustedIssuers: readonly string[];
  readonly clockSkewSeconds: number;
}

/**
 * The person whom an identity token (OpenID Connect Core 1.0, section 3.1.3.7) or an access token (RFC 9068, section 4)
 * is about. Rejects with ERR_CREDENTIAL_INVALID, ERR_IDENTITY_AMBIGUOUS, ERR_IDENTITY_UNAVAILABLE, ERR_STATE_UNUSABLE.
 */
export async function verifyProviderToken(
  token: string,
  rules: ProviderRules,
  judge: SignatureJudge,
  store: Store,
): Promise<Caller> {
  // A person chooses some of these texts, as their name, and is not locked out by a character of it.
  const jws = parseCompactJws(token, MAX_PROVIDER_TOKEN_LENGTH, 'left');
  if (jws === null) {
    throw credentialInvalid('malformed', `is no compact JWS of at most ${MAX_PROVIDER_TOKEN_LENGTH} characters`);
  }
  const { iss, sub, exp, iat, nbf, name } = jws.payload;

  // Before a signature is looked at, so that what others issue costs no fetch of keys.
  if (iss !== rules.issuer) {
    throw credentialInvalid('issuer', `is of ${JSON.stringify(iss)}, not of the identity provider`);
  }
  const verdict = await judge(token);
  if (verdict === 'unknown') throw credentialInvalid('unknown', 'names a key that the identity provider does not have');
  if (verdict === 'forged') throw credentialInvalid('forged', 'is not signed with a key of the identity provider');

  checkKindAndAudience(jws, rules);
  if (leavesGroupsOut(jws.payload, rules.groupsClaim)) {
    throw credentialInvalid('malformed', 'leaves its groups out (groups overage): have the provider send fewer');
  }
  const fault = judgeTimes({ exp, iat, nbf }, rules.clockSkewSeconds, Date.now() / 1000);
  if (fault !== null) throw credentialInvalid(fault, `is ${fault}: exp ${exp}, iat ${iat}, nbf ${nbf}`);

  const payload = withoutUnverifiedEmail(jws.payload);
  const { email } = payload;
  const claims = flattenClaims(payload);
  if (typeof sub !== 'string' || sub === '' || !sub.isWellFormed() || claims === null) {
    throw credentialInvalid('malformed', 'has no usable claims');
  }
  checkPerson(sub, store, rules.trustedIssuers);

  return {
    type: 'user',
    id: sub,
    email: typeof email === 'string' ? email.toWellFormed() : '',
    name: typeof name === 'string' ? name.toWellFormed() : '',
    groups: findGroups(claims, rules.groupsClaim) ?? [],
    claims,
    session_id: writeSessionId(jws),
    // The second in which the token is no longer taken: an assertion may last as long as its caller.
    expires_at: Math.floor(Number(exp)) + rules.clockSkewSeconds,
  };
}

/** An access token is for a resource and an identity token for a client; where one name is both, the kind has to tell. */
function checkKindAndAudience(jws: CompactJws, { kind: wanted, clientId, accessTokenAudiences }: ProviderRules): void {
  const { aud, azp } = jws.payload;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (audiences.some((audience) => typeof audience === 'string' && !audience.isWellFormed())) {
    throw credentialInvalid('malformed', 'has an audience that is no text');
  }
  const kind = findProviderTokenKind(jws);
  const isTold = kind === wanted || (kind === 'either' && (wanted === 'identity' || !audiences.includes(clientId)));
  if (!isTold) throw credentialInvalid('malformed', `is no ${wanted} token, but another of the identity provider's`);

  const allowed = wanted === 'identity' ? [clientId] : accessTokenAudiences;
  const isForUs = allowed.some((audience) => audiences.includes(audience));
  // OpenID Connect Core 1.0, section 3.1.3.7, steps 4 and 5.
  const isOfAnother = wanted === 'identity' && azp !== clientId && (audiences.length > 1 || azp !== undefined);
  if (!isForUs || isOfAnother) {
    throw credentialInvalid(
      'audience',
      `is for ${JSON.stringify(aud)}, not for ${allowed.map((a) => JSON.stringify(a)).join(' or ')}`,
    );
  }
}

/** The signature is left out: an ECDSA one has a second spelling, which anyone can make and which is as good. */
function writeSessionId({ input }: CompactJws): string {
  return createHash('sha256').update(input).digest('base64url');
}
