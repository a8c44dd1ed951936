import type { AssertionClaims } from '../engine/documents.ts';
import { openCache } from '../open-cache.ts';
import type { SigningKeys } from './open-signing-keys.ts';
import type { Store } from './open-store.ts';
import { signAssertion } from './sign-assertion.ts';

const REUSE_MS = 30_000;
const LIMITS = { count: 20_000, bytes: 32 * 1024 * 1024 };

interface Signed {
  readonly token: string;
  readonly exp: number;
  readonly signedAt: number;
}

/**
 * Signs as `signAssertion` does. What was signed for exactly the same claims, end and key is given again, for at most 30 s,
 * never beyond its end, and not after a change of the store.
 */
export function openSigner(
  keys: SigningKeys,
  store: Store,
  servesHost: (host: string) => boolean,
): (claims: AssertionClaims, expiresAt: number | null) => string {
  const signed = openCache<Signed>(LIMITS);
  let cachedVersion = store.version();

  return (claims, expiresAt) => {
    const version = store.version();
    if (version !== cachedVersion) {
      signed.clear();
      cachedVersion = version;
    }
    const key = keys.current();
    // The claims name route host, caller and credential.
    const name = `${key.kid} ${expiresAt} ${JSON.stringify(claims)}`;
    const now = performance.now();
    const known = signed.get(name);
    if (known !== undefined && now - known.signedAt < REUSE_MS && Date.now() / 1000 < known.exp) return known.token;
    const fresh = { ...signAssertion(claims, expiresAt, key, servesHost), signedAt: now };
    signed.set(name, fresh, name.length + fresh.token.length);
    return fresh.token;
  };
}
