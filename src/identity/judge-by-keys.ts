import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { openCache } from '../open-cache.ts';
import { identityUnavailable } from './identity-errors.ts';

/** No `none`, no shared secrets. Which of these a token may use, its key says: type, curve, `use`, `key_ops`, `alg`. */
const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const CURVES = ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
const ALGORITHMS = [...RSA, ...CURVES];

/** What keys say of a compact JWS; `unknown`: it names a key that is not among them. */
export type SignatureVerdict = 'signed' | 'forged' | 'unknown';

/** Rejects with ERR_IDENTITY_UNAVAILABLE where the keys cannot be had, or the one that is named cannot be used. */
export type SignatureJudge = (token: string) => Promise<SignatureVerdict>;

/** Bytes that these keys signed, they signed for ever: only that is kept, and goes with the keys. */
const SIGNED = { count: 10_000, bytes: 32 * 1024 * 1024 };

/** Judges by the keys of this JWK Set (RFC 7517) of `owner`. Throws ERR_IDENTITY_UNAVAILABLE for what is no such set. */
export function judgeByKeys(jwks: object, owner: string): SignatureJudge {
  const find = parseKeys(jwks, owner);
  const signed = openCache<true>(SIGNED);
  return async (token) => {
    if (signed.get(token)) return 'signed';
    try {
      await compactVerify(token, find, { algorithms: ALGORITHMS });
      signed.set(token, true, token.length);
      return 'signed';
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return 'unknown';
      if (error instanceof errors.JOSEError) return 'forged';
      throw unusable(owner, error);
    }
  };
}

function parseKeys(jwks: object, owner: string): ReturnType<typeof createLocalJWKSet> {
  try {
    return createLocalJWKSet(jwks as JSONWebKeySet);
  } catch (error) {
    throw unusable(owner, error);
  }
}

function unusable(owner: string, cause: unknown): Error {
  return identityUnavailable(`those of ${JSON.stringify(owner)} cannot be used: ${cause}`, cause);
}
