import { deriveKey, type KeyPurpose } from '../identity/derive-key.ts';
import { sealBytes, unsealBytes } from '../identity/seal-bytes.ts';

/** For contents that go through a browser and come back: nobody else reads, changes or makes one, and none outlives its time. */
export interface Seal<T extends object> {
  /** In base64url; good for this long. */
  seal(content: T, seconds: number): string;
  /** Null for what was not sealed here, for this purpose, or has ended. */
  unseal(text: string): T | null;
}

/** They travel as cookies and in URLs, which nobody takes longer. */
const MAX_LENGTH = 8192;

/** A key of its own for each purpose. What is unsealed has the type that was sealed: nobody else has the key. */
export function openSeal<T extends object>(sharedSecret: Uint8Array, purpose: KeyPurpose): Seal<T> {
  const key = deriveKey(sharedSecret, purpose);
  return {
    seal(content, seconds) {
      const exp = Date.now() / 1000 + seconds;
      return sealBytes(key, JSON.stringify({ exp, content }), purpose).toString('base64url');
    },
    unseal(text) {
      if (text.length > MAX_LENGTH) return null;
      const plain = unsealBytes(key, Buffer.from(text, 'base64url'), purpose);
      if (plain === null) return null;
      const { exp, content } = JSON.parse(plain);
      return exp > Date.now() / 1000 ? content : null;
    },
  };
}
