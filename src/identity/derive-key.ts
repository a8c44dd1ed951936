import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/**
 * HKDF-SHA256 (RFC 5869) without salt, one key a purpose; these are the `info` strings. Each kind of token has its own
 * key, so that one is never taken for another. A changed string ends all that was made with the old key.
 */
const INFO = {
  serviceAccount: 'behalf/v1/service-account',
  policyCache: 'behalf/v1/policy-cache',
  sessionCookie: 'behalf/v1/session-cookie',
  sessionTokens: 'behalf/v1/session-tokens',
  sessionRealm: 'behalf/v1/session-realm',
  signInRequest: 'behalf/v1/sign-in-request',
  signInState: 'behalf/v1/sign-in-state',
  handOver: 'behalf/v1/hand-over',
  signOut: 'behalf/v1/sign-out',
  programRequest: 'behalf/v1/program-request',
  programCode: 'behalf/v1/program-code',
  program: 'behalf/v1/program',
} as const;

export type KeyPurpose = keyof typeof INFO;

/** A key of 32 bytes, for HMAC-SHA256 or AES-256-GCM, as its purpose needs. */
export function deriveKey(secret: Uint8Array, purpose: KeyPurpose): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', INFO[purpose], 32)));
}
