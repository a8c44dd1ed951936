import { webcrypto } from 'node:crypto';

/**
 * HKDF-SHA256 (RFC 5869) without salt, one key a purpose; these are the `info` strings. Each kind of token has its own
 * key, so that one is never taken for another. A changed string ends all that was made with the old key.
 */
const INFO = {
  serviceAccount: 'behalf/v1/service-account',
} as const;

/** An HMAC-SHA256 key of 32 bytes, which cannot be exported. */
export async function deriveKey(secret: Uint8Array, purpose: keyof typeof INFO): Promise<webcrypto.CryptoKey> {
  const material = await webcrypto.subtle.importKey('raw', Uint8Array.from(secret), 'HKDF', false, ['deriveKey']);
  return webcrypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: Buffer.from(INFO[purpose]) },
    material,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign', 'verify'],
  );
}
