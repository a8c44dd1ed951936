import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/**
 * What assertions may be signed with (RFC 7518, sections 3.3 and 3.4; RFC 8037, section 3.1). `EdDSA` is Ed25519: its new
 * name `Ed25519` (RFC 9864) is not known to most verifiers, PyJWT and go-jose among them.
 */
export const SIGNING_ALGORITHMS = {
  ES256: { hash: 'sha256', generate: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }) },
  RS256: { hash: 'sha256', generate: () => generateKeyPairSync('rsa', { modulusLength: 2048 }) },
  EdDSA: { hash: null, generate: () => generateKeyPairSync('ed25519') },
} as const;

export type SigningAlgorithm = keyof typeof SIGNING_ALGORITHMS;

/** The one algorithm that a key may sign with; null for keys of other kinds, and RSA of less than 2048 bits. */
export function findAlgorithm({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningAlgorithm | null {
  switch (asymmetricKeyType) {
    case 'ec':
      return asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ES256' : null;
    case 'rsa':
      return (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? 'RS256' : null;
    case 'ed25519':
      return 'EdDSA';
    default:
      return null;
  }
}

/** A new private key, as PEM of PKCS #8. */
export function generatePrivateKey(algorithm: SigningAlgorithm): string {
  return SIGNING_ALGORITHMS[algorithm].generate().privateKey.export({ type: 'pkcs8', format: 'pem' });
}
