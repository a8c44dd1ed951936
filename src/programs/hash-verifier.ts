import { hash } from 'node:crypto';

/** The `code_challenge` of a `code_verifier`, by S256 (RFC 7636, section 4.2). */
export function hashVerifier(verifier: string): string {
  return hash('sha256', verifier, 'base64url');
}
