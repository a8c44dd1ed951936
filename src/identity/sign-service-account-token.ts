import type { KeyObject } from 'node:crypto';
import type { ServiceAccountToken } from './open-store.ts';
import { signHs256 } from './sign-hs256.ts';
import { SERVICE_ACCOUNT } from './token-kinds.ts';
import { writeCompactJws } from './write-compact-jws.ts';

/** The token of this record, without `exp` where it has no end. `key` is derived for service accounts. */
export function signServiceAccountToken(record: ServiceAccountToken, key: KeyObject): string {
  const { jti, id: sub, created_at: iat, expires_at: exp } = record;
  const { alg, typ } = SERVICE_ACCOUNT;
  const claims = { jti, sub, iat, ...(exp === null ? {} : { exp }) };
  return writeCompactJws({ alg, typ }, claims, (input) => signHs256(input, key));
}
