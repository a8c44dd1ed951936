import { randomBytes } from 'node:crypto';

/** 43 characters of base64url: as many as a PKCE verifier needs (RFC 7636 section 4.1). */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url');
}
