import { createHmac, type KeyObject } from 'node:crypto';

/** HMAC-SHA256 of a JWS Signing Input (RFC 7518, section 3.2). */
export function signHs256(input: string, key: KeyObject): Buffer {
  return createHmac('sha256', key).update(input).digest();
}
