import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { JWK } from 'jose';
import { findAlgorithm, SIGNING_ALGORITHMS, type SigningAlgorithm } from '../signing-algorithms.ts';

/** A key that signs assertions, and nothing else. Which algorithm it is used with, the key says and no token. */
export interface SigningKey {
  /** RFC 7638 thumbprint, SHA-256, base64url: the same wherever the same key is used. */
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** As the JWKS publishes it. */
  readonly publicJwk: Readonly<JWK>;
  sign(input: string): Buffer;
  verifies(input: string, signature: Uint8Array): boolean;
}

/** The key of a PEM (PKCS #8, or PKCS #1 or SEC 1, not encrypted); null for what is no private key that may sign. */
export function parseSigningKey(pem: string): SigningKey | null {
  try {
    const privateKey = createPrivateKey(pem);
    const alg = findAlgorithm(privateKey);
    const key = alg && buildSigningKey(privateKey, alg);
    // OpenSSL takes a private half that a flipped bit has parted from its public half: nobody could verify it.
    return key?.verifies('probe', key.sign('probe')) ? key : null;
  } catch {
    return null;
  }
}

function buildSigningKey(privateKey: KeyObject, alg: SigningAlgorithm): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const { hash } = SIGNING_ALGORITHMS[alg];
  // RFC 7518, section 3.4: r and s as they are, not the DER around them. Without a meaning for the others.
  const dsaEncoding = 'ieee-p1363';
  const jwk = publicKey.export({ format: 'jwk' });
  const kid = writeThumbprint(jwk);
  return {
    kid,
    alg,
    publicJwk: { ...jwk, kid, use: 'sig', alg },
    sign: (input) => sign(hash, Buffer.from(input), { key: privateKey, dsaEncoding }),
    verifies: (input, signature) => verify(hash, Buffer.from(input), { key: publicKey, dsaEncoding }, signature),
  };
}

/** RFC 7638, section 3.2: what Node exports of a public key are the required members and no other. */
function writeThumbprint(jwk: object): string {
  const members = Object.entries(jwk).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest('base64url');
}
