import type { SignatureJudge } from '../identity/judge-by-keys.ts';
import { judgeTimes } from '../identity/judge-times.ts';
import { parseCompactJws } from '../identity/parse-compact-jws.ts';
import { isRecord } from '../is-record.ts';
import type { LogoutNotice } from './openid-client.ts';
import { signInFailed } from './translate-openid-error.ts';

export interface LogoutRules {
  readonly issuer: string;
  readonly clientId: string;
  readonly clockSkewSeconds: number;
}

const MAX_LENGTH = 16_384;
const MAX_ID_LENGTH = 1024;
/** A token is taken no later, whatever its `exp`: its `jti` has to be remembered as long. */
const MAX_AGE_SECONDS = 60 * 60;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Section 2.4 recommends the first; older providers write the second, or nothing. */
const TYPES = ['logout+jwt', 'application/logout+jwt', 'jwt'];

/**
 * Whom a logout token wants signed out (OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6). That its `jti` is
 * new is left to the caller. Rejects with ERR_SIGN_IN_FAILED of reason `logout-token`, or as `judge` does.
 */
export async function verifyLogoutToken(
  token: string,
  { issuer, clientId, clockSkewSeconds }: LogoutRules,
  judge: SignatureJudge,
): Promise<LogoutNotice> {
  const jws = parseCompactJws(token, MAX_LENGTH);
  if (jws === null) throw invalid(`is no compact JWS of at most ${MAX_LENGTH} characters`);
  const { typ = 'jwt' } = jws.header;
  const { iss, aud, iat, exp, jti, sub = null, sid = null, events } = jws.payload;

  // Before a signature is looked at, so that what others issue costs no fetch of keys.
  if (iss !== issuer) throw invalid('is not of the identity provider');
  if ((await judge(token)) !== 'signed') throw invalid('is not signed with a key of the identity provider');

  if (!TYPES.includes(String(typ).toLowerCase())) throw invalid('is another kind of token');
  if (!(Array.isArray(aud) ? aud : [aud]).includes(clientId)) throw invalid('is not for this client');
  const now = Date.now() / 1000;
  const fault = judgeTimes({ exp, iat, nbf: jws.payload['nbf'] }, clockSkewSeconds, now);
  if (fault !== null) throw invalid(`is ${fault}`);
  const expiresAt = Math.min(Number(exp), Number(iat) + MAX_AGE_SECONDS) + clockSkewSeconds;
  if (expiresAt <= now) throw invalid('is expired');
  if (!isRecord(events) || !Object.hasOwn(events, EVENT) || !isRecord(events[EVENT])) {
    throw invalid('tells of no sign-out');
  }
  // So that an ID token is never taken for one.
  if (Object.hasOwn(jws.payload, 'nonce')) throw invalid('has a nonce');
  if (!isId(jti)) throw invalid('has no jti');
  if (![sub, sid].every((id) => id === null || isId(id)) || (sub === null && sid === null)) {
    throw invalid('names nobody');
  }
  return { personId: sub, providerSid: sid, jti, expiresAt: Math.ceil(expiresAt) } as LogoutNotice;
}

function invalid(problem: string): Error {
  return signInFailed('logout-token', `cannot be ended: the logout token ${problem}`);
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_ID_LENGTH;
}
