import { createHash } from 'node:crypto';

const DIGESTS: Readonly<Record<string, string>> = { '256': 'sha256', '384': 'sha384', '512': 'sha512' };

/**
 * Whether an ID token's `at_hash` is this access token's: the left half of its hash, by the hash of the token's own
 * algorithm (OpenID Connect Core 1.0, section 3.1.3.6). openid-client leaves this to its users.
 */
export function matchesAtHash(atHash: unknown, accessToken: string, algorithm: unknown): boolean {
  // Ed25519 hashes with SHA-512 (RFC 8032, section 5.1), and has no number that says so.
  const isEdwards = algorithm === 'EdDSA' || algorithm === 'Ed25519';
  const digest = isEdwards ? 'sha512' : DIGESTS[String(algorithm).slice(-3)];
  if (digest === undefined) return false;
  const hash = createHash(digest).update(accessToken).digest();
  return atHash === hash.subarray(0, hash.length / 2).toString('base64url');
}
