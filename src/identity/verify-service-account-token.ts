import type { webcrypto } from 'node:crypto';
import type { Caller } from '../engine/documents.ts';
import { credentialInvalid } from './identity-errors.ts';
import { isSignedBy } from './is-signed-by.ts';
import type { Store } from './open-store.ts';
import { parseCompactJws } from './parse-compact-jws.ts';
import { hasExactly, SERVICE_ACCOUNT } from './token-kinds.ts';

const { alg, typ, maxLength } = SERVICE_ACCOUNT;

/**
 * The service account whose token this is. `exp` and the record's end both count. Rejects with ERR_CREDENTIAL_INVALID,
 * and with ERR_STATE_UNUSABLE where it cannot be known whether the token was revoked.
 */
export async function verifyServiceAccountToken(
  token: string,
  key: webcrypto.CryptoKey,
  store: Store,
): Promise<Caller> {
  const jws = parseCompactJws(token, maxLength);
  if (jws === null) throw credentialInvalid('malformed', `is no compact JWS of at most ${maxLength} characters`);
  if (!hasExactly(jws.header, { alg, typ }) || !(await isSignedBy(token, key, alg))) {
    throw credentialInvalid('forged', 'is not a service account token signed by this proxy');
  }

  const { jti, sub, exp = null } = jws.payload;
  if (typeof jti !== 'string' || typeof sub !== 'string' || !(exp === null || Number.isSafeInteger(exp))) {
    throw credentialInvalid('malformed', 'has claims that are missing or of another type');
  }
  const record = store.findToken(jti);
  if (record === undefined || record.id !== sub) throw credentialInvalid('unknown', 'is not in the store');
  if (record.revoked_at !== null) throw credentialInvalid('revoked', `of ${JSON.stringify(sub)} was revoked`);
  const end = Math.min(Number(exp ?? Infinity), record.expires_at ?? Infinity);
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
