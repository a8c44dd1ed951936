import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
  type webcrypto,
} from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import { BehalfError } from '../errors.ts';
import { loadStateFile } from './load-state-file.ts';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };

/** The key that signs assertions, and nothing else. */
export interface SigningKey {
  /** RFC 7638 thumbprint, SHA-256, base64url: the same wherever the same key is used. */
  readonly kid: string;
  readonly alg: 'ES256';
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicKey: webcrypto.CryptoKey;
  /** As the JWKS publishes it. */
  readonly publicJwk: JWK;
}

/**
 * The key of `pem` (PKCS #8 or SEC 1), or that of `signing-key.pem` under the state folder, made where missing.
 * Rejects with ERR_CONFIG_INVALID for a given key that cannot be used, else with ERR_STATE_UNUSABLE.
 */
export async function loadSigningKey(stateDir: string, pem: string | null): Promise<SigningKey> {
  const privateKey =
    pem === null ? loadStateFile(stateDir, 'signing-key.pem', generatePem, parsePrivateKey) : parsePrivateKey(pem);
  if (privateKey === null) {
    throw new BehalfError('ERR_CONFIG_INVALID', 'signing_key is not the PEM of a P-256 private key');
  }
  const publicKey = createPublicKey(privateKey);
  const { kty, crv, x, y } = (await exportJWK(publicKey)) as Required<JWK>;
  const kid = await calculateJwkThumbprint({ kty, crv, x, y });
  return {
    kid,
    alg: 'ES256',
    privateKey: privateKey.toCryptoKey(CURVE, false, ['sign']),
    publicKey: publicKey.toCryptoKey(CURVE, true, ['verify']),
    publicJwk: { kty, crv, x, y, kid, use: 'sig', alg: 'ES256' },
  };
}

function generatePem(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: CURVE.namedCurve });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function parsePrivateKey(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return null;
    // OpenSSL takes a private half that a flipped bit has parted from its public half: nobody could verify it.
    const probe = Buffer.from('probe');
    return verify('sha256', probe, createPublicKey(key), sign('sha256', probe, key)) ? key : null;
  } catch {
    return null;
  }
}
