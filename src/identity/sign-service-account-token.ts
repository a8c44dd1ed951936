import type { webcrypto } from 'node:crypto';
import { CompactSign } from 'jose';
import type { ServiceAccountToken } from './open-store.ts';
import { SERVICE_ACCOUNT } from './token-kinds.ts';

/** The token of this record, without `exp` where it has no end. `key` is derived for service accounts. */
export function signServiceAccountToken(record: ServiceAccountToken, key: webcrypto.CryptoKey): Promise<string> {
  const { jti, id: sub, created_at: iat, expires_at: exp } = record;
  const payload = Buffer.from(JSON.stringify({ jti, sub, iat, ...(exp === null ? {} : { exp }) }));
  const { alg, typ } = SERVICE_ACCOUNT;
  return new CompactSign(payload).setProtectedHeader({ alg, typ }).sign(key);
}
