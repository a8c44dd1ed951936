import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/**
 * HKDF-SHA256 (RFC 5869) without salt, one key a purpose; these are the `info` strings. Each kind of token has its own
 * key, so that one is never taken for another. A changed string ends all that was made with the old key.
 */
const INFO = {
  serviceAccount: 'behalf/v1/service-account',
  policyCache: 'behalf/v1/policy-cache',
} as const;

/** A key of 32 bytes for HMAC-SHA256. */
export function deriveKey(secret: Uint8Array, purpose: keyof typeof INFO): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', INFO[purpose], 32)));
}
