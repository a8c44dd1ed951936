import type { webcrypto } from 'node:crypto';
import { compactVerify, errors } from 'jose';

/** Whether `key` signed this compact JWS with `alg`; its header has no say in either. */
export async function isSignedBy(token: string, key: webcrypto.CryptoKey, alg: string): Promise<boolean> {
  try {
    await compactVerify(token, key, { algorithms: [alg] });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}
