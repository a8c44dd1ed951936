import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_LENGTH = 12;
const TAG_LENGTH = 16;

/** AES-256-GCM (NIST SP 800-38D): nonce, tag, text. `context` is not in it, and must be the same again to open it. */
export function sealBytes(key: KeyObject, plain: string, context: string): Buffer {
  // Random nonces of 96 bits: good for 2^32 texts of one key (section 8.3), some decades of a busy proxy.
  const iv = randomBytes(IV_LENGTH);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_LENGTH }).setAAD(Buffer.from(context));
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

/** What was sealed with this key and for this context; null for anything else. */
export function unsealBytes(key: KeyObject, sealed: Uint8Array, context: string): string | null {
  if (sealed.byteLength < IV_LENGTH + TAG_LENGTH) return null;
  const iv = sealed.subarray(0, IV_LENGTH);
  const tag = sealed.subarray(IV_LENGTH, IV_LENGTH + TAG_LENGTH);
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_LENGTH })
    .setAAD(Buffer.from(context))
    .setAuthTag(tag);
  const text = decipher.update(sealed.subarray(IV_LENGTH + TAG_LENGTH));
  try {
    return Buffer.concat([text, decipher.final()]).toString();
  } catch {
    return null;
  }
}
