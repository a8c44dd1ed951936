import { type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../engine/documents.ts';
import type { Cache } from '../open-cache.ts';
import { credentialInvalid } from './identity-errors.ts';
import type { Store } from './open-store.ts';
import { parseCompactJws } from './parse-compact-jws.ts';
import { signHs256 } from './sign-hs256.ts';
import { hasExactly, SERVICE_ACCOUNT } from './token-kinds.ts';

const { alg, typ, maxLength } = SERVICE_ACCOUNT;

/** What a token says that we signed: true for ever, though it may have ended since. */
export interface SignedServiceAccount {
  readonly jti: string;
  readonly sub: string;
  /** Seconds since 1970; null for no end. */
  readonly exp: number | null;
}

/**
 * The service account whose token this is. `exp` and the record's end both count. Throws ERR_CREDENTIAL_INVALID, and
 * ERR_STATE_UNUSABLE where it cannot be known whether the token was revoked.
 */
export function verifyServiceAccountToken(
  token: string,
  key: KeyObject,
  store: Store,
  known: Cache<SignedServiceAccount>,
): Caller {
  const { jti, sub, exp } = known.get(token) ?? verifySignature(token, key, known);
  const record = store.findToken(jti);
  if (record === null || record.id !== sub) throw credentialInvalid('unknown', 'is not in the store');
  if (record.revoked_at !== null) throw credentialInvalid('revoked', `of ${JSON.stringify(sub)} was revoked`);
  const end = Math.min(exp ?? Infinity, record.expires_at ?? Infinity);
  if (end <= Date.now() / 1000) throw credentialInvalid('expired', `of ${JSON.stringify(sub)} has expired`);

  return {
    type: 'service_account',
    id: sub,
    email: '',
    name: '',
    groups: [],
    claims: {},
    session_id: jti,
    expires_at: end === Infinity ? null : end,
  };
}

function verifySignature(token: string, key: KeyObject, known: Cache<SignedServiceAccount>): SignedServiceAccount {
  const jws = parseCompactJws(token, maxLength);
  if (jws === null) throw credentialInvalid('malformed', `is no compact JWS of at most ${maxLength} characters`);
  const { header, payload, input, signature } = jws;
  const expected = signHs256(input, key);
  if (
    !hasExactly(header, { alg, typ }) ||
    signature.byteLength !== expected.byteLength ||
    !timingSafeEqual(signature, expected)
  ) {
    throw credentialInvalid('forged', 'is not a service account token signed by this proxy');
  }
  const { jti, sub, exp = null } = payload;
  if (typeof jti !== 'string' || typeof sub !== 'string' || !(exp === null || Number.isSafeInteger(exp))) {
    throw credentialInvalid('malformed', 'has claims that are missing or of another type');
  }
  const signed = { jti, sub, exp: exp as number | null };
  known.set(token, signed, 2 * token.length);
  return signed;
}
