import type { AssertionClaims, Caller, OriginalUser } from '../engine/documents.ts';
import { deriveKey } from './derive-key.ts';
import { findTokenKind } from './find-token-kind.ts';
import { credentialInvalid } from './identity-errors.ts';
import { loadSharedSecret } from './load-shared-secret.ts';
import { loadSigningKey } from './load-signing-key.ts';
import { openProviderKeys } from './open-provider-keys.ts';
import { openStateDir } from './open-state-dir.ts';
import { openStore } from './open-store.ts';
import { signAssertion } from './sign-assertion.ts';
import { verifyAssertion } from './verify-assertion.ts';
import { type ProviderIdentity, verifyIdentityToken } from './verify-identity-token.ts';
import { verifyServiceAccountToken } from './verify-service-account-token.ts';

export interface IdentityOptions {
  readonly stateDir: string;
  /** 32 bytes; null for those under `stateDir`. */
  readonly sharedSecret: Uint8Array | null;
  /** PEM of a P-256 private key; null for the one under `stateDir`. */
  readonly signingKey: string | null;
  readonly provider: ProviderIdentity | null;
  /** Whether `iss` or `aud` names a host of a route, exactly or by a wildcard. */
  servesHost(host: string): boolean;
}

export interface Credential {
  readonly kind: 'service_account' | 'identity_token';
  readonly token: string;
}

export interface Identity extends AsyncDisposable {
  /** The public parts of the keys that verify assertions (RFC 7517). */
  jwks(): { readonly keys: readonly object[] };
  /**
   * Rejects with ERR_CREDENTIAL_INVALID, ERR_IDENTITY_AMBIGUOUS, ERR_IDENTITY_UNAVAILABLE or ERR_STATE_UNUSABLE.
   */
  identifyCaller(credential: Credential): Promise<Caller>;
  /** What a Bearer value claims to be; null where it is none of ours to judge. Nothing is verified. */
  findTokenKind(token: string): Credential['kind'] | null;
  /** Rejects with ERR_ASSERTION_INVALID, whose `reason` is the `original_user_error`, or with ERR_STATE_UNUSABLE. */
  verifyAssertion(token: string): Promise<OriginalUser>;
  /**
   * Adds `jti`, `iat` and `exp`: 300 s, or until `expiresAt` (seconds since 1970). Rejects with ERR_ENGINE_DECISION for
   * what `verifyAssertion` would not take.
   */
  signAssertion(claims: AssertionClaims, expiresAt: number | null): Promise<string>;
}

/** Everything that knows who somebody is. Rejects with ERR_STATE_UNUSABLE, or ERR_CONFIG_INVALID for the key given. */
export async function openIdentity(options: IdentityOptions): Promise<Identity> {
  const { stateDir, provider } = options;
  const servesHost = (host: string) => options.servesHost(host);
  openStateDir(stateDir);
  const signingKey = await loadSigningKey(stateDir, options.signingKey);
  const serviceAccountKey = await deriveKey(loadSharedSecret(stateDir, options.sharedSecret), 'serviceAccount');
  const store = openStore(stateDir);
  const closing = new AbortController();
  const providerKeys = provider && openProviderKeys(provider.issuer, closing.signal);

  return {
    jwks: () => ({ keys: [signingKey.publicJwk] }),
    identifyCaller({ kind, token }) {
      if (kind === 'service_account') return verifyServiceAccountToken(token, serviceAccountKey, store);
      if (provider && providerKeys) return verifyIdentityToken(token, provider, providerKeys, store);
      return Promise.reject(credentialInvalid('issuer', 'is an identity token, but there is no identity provider'));
    },
    findTokenKind: (token) => findTokenKind(token, provider?.issuer ?? null),
    verifyAssertion: (token) => verifyAssertion(token, signingKey, store, servesHost),
    signAssertion: (claims, expiresAt) => signAssertion(claims, expiresAt, signingKey, servesHost),
    [Symbol.asyncDispose]() {
      closing.abort();
      store[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}
