import type { AssertionClaims, Caller, OriginalUser } from '../engine/documents.ts';
import { openCache } from '../open-cache.ts';
import { checkPerson } from './check-person.ts';
import { deriveKey } from './derive-key.ts';
import { findTokenKind } from './find-token-kind.ts';
import { credentialInvalid } from './identity-errors.ts';
import { loadSharedSecret } from './load-shared-secret.ts';
import type { KeySets, KeySource } from './open-key-sets.ts';
import { openSigner } from './open-signer.ts';
import { openSigningKeys } from './open-signing-keys.ts';
import { openStateDir } from './open-state-dir.ts';
import { openStore } from './open-store.ts';
import { type AssertionRules, type Presentation, type SignedAssertion, verifyAssertion } from './verify-assertion.ts';
import { type ForeignRules, verifyForeignAssertion } from './verify-foreign-assertion.ts';
import { type ProviderRules, verifyProviderToken } from './verify-provider-token.ts';
import { type SignedServiceAccount, verifyServiceAccountToken } from './verify-service-account-token.ts';

export type { Presentation };

export interface IdentityOptions {
  readonly stateDir: string;
  /** 32 bytes; null for those under `stateDir`. */
  readonly sharedSecret: Uint8Array | null;
  /** PEM of private keys: the first signs, all are published. Empty for those of the store under `stateDir`. */
  readonly signingKeys: readonly string[];
  readonly provider: Pick<ProviderRules, 'issuer' | 'clientId' | 'groupsClaim'> | null;
  /** Which of the provider's tokens name a caller; `default`: none. */
  readonly bearerTokenFormat: 'default' | 'idp_identity_token' | 'idp_access_token';
  readonly accessTokenAudiences: readonly string[];
  readonly trustedIssuers: readonly TrustedIssuerOptions[];
  readonly clockSkewSeconds: number;
  /** Of the whole process. */
  readonly keySets: KeySets;
  /** Whether `host` is one of a route, exactly or by a wildcard. */
  servesHost(host: string): boolean;
  /** Whether requests for `host` go to a route of one of these names. */
  routesServeHost(routes: readonly string[], host: string): boolean;
  /** Whether the session of an assertion's sid lives; null for a sid that is no session's by its form. Throws ERR_STATE_UNUSABLE. */
  isLiveSession(sid: string): boolean | null;
}

export interface TrustedIssuerOptions extends Omit<ForeignRules, 'clockSkewSeconds'> {
  readonly keys: KeySource;
}

/** What names a caller: a token by itself, or one of a program, which names a session. */
export type Credential = CallerToken | { readonly kind: 'program_token'; readonly token: string };

export interface CallerToken {
  readonly kind: 'service_account' | 'provider_token';
  readonly token: string;
}

export interface Identity extends AsyncDisposable {
  /** The public parts of the keys that verify assertions at this moment (RFC 7517). Throws ERR_STATE_UNUSABLE. */
  jwks(): { readonly keys: readonly object[] };
  /**
   * Whom a credential names by itself; a program's token names a session. Rejects with ERR_CREDENTIAL_INVALID,
   * ERR_IDENTITY_AMBIGUOUS, ERR_IDENTITY_UNAVAILABLE or ERR_STATE_UNUSABLE.
   */
  identifyCaller(credential: CallerToken): Promise<Caller>;
  /** Throws ERR_IDENTITY_AMBIGUOUS for an id that is also somebody else's, or ERR_STATE_UNUSABLE. */
  checkPerson(id: string): void;
  /** What a Bearer value claims to be; null where it is none of ours to judge. Nothing is verified. */
  findTokenKind(token: string): Credential['kind'] | null;
  /**
   * Rejects with ERR_ASSERTION_INVALID, whose `reason` is the `original_user_error`, ERR_IDENTITY_UNAVAILABLE or
   * ERR_STATE_UNUSABLE.
   */
  verifyAssertion(token: string, presentation: Presentation): Promise<OriginalUser>;
  /**
   * Adds `jti`, `iat` and `exp`: 300 s, or until `expiresAt` (seconds since 1970). The same claims give the same token
   * for at most 30 s. Throws ERR_ENGINE_DECISION for what `verifyAssertion` would not take, ERR_HEADERS_TOO_LARGE for
   * more than 8 KiB, or ERR_STATE_UNUSABLE.
   */
  signAssertion(claims: AssertionClaims, expiresAt: number | null): string;
}

/** Of each kind of token, what was verified of it. */
const KNOWN = { count: 20_000, bytes: 32 * 1024 * 1024 };

/** Everything that knows who somebody is. Rejects with ERR_STATE_UNUSABLE, or ERR_CONFIG_INVALID for the keys given. */
export async function openIdentity(options: IdentityOptions): Promise<Identity> {
  const { stateDir, bearerTokenFormat, accessTokenAudiences, clockSkewSeconds, keySets } = options;
  await using opening = new AsyncDisposableStack();
  openStateDir(stateDir);
  const serviceAccountKey = deriveKey(loadSharedSecret(stateDir, options.sharedSecret), 'serviceAccount');
  const store = opening.use(openStore(stateDir));
  const keys = openSigningKeys(options.signingKeys, store, stateDir);
  const sign = openSigner(keys, store, (host) => options.servesHost(host));
  const knownServiceAccounts = openCache<SignedServiceAccount>(KNOWN);

  const trustedIssuers = options.trustedIssuers.map(({ issuer }) => issuer);
  const provider = bearerTokenFormat === 'default' ? null : options.provider;
  const verifyProvider = provider && openProvider(provider);
  function openProvider({ issuer, clientId, groupsClaim }: NonNullable<typeof provider>) {
    const kind = bearerTokenFormat === 'idp_access_token' ? 'access' : 'identity';
    const rules: ProviderRules = {
      issuer,
      clientId,
      kind,
      groupsClaim,
      accessTokenAudiences,
      trustedIssuers,
      clockSkewSeconds,
    };
    const { judge } = opening.use(keySets.open({ kind: 'issuer', issuer }));
    return (token: string) => verifyProviderToken(token, rules, judge, store);
  }

  const foreign: AssertionRules['foreign'] = new Map(
    options.trustedIssuers.map((trusted) => {
      const { judge } = opening.use(keySets.open(trusted.keys));
      const rules: ForeignRules = { ...trusted, clockSkewSeconds };
      return [trusted.issuer, (token, jws) => verifyForeignAssertion(token, jws, rules, judge, store)];
    }),
  );
  const rules: AssertionRules = {
    keys,
    store,
    known: openCache<SignedAssertion>(KNOWN),
    foreign,
    servesHost: (host) => options.servesHost(host),
    routesServeHost: (routes, host) => options.routesServeHost(routes, host),
    isLiveSession: (sid) => options.isLiveSession(sid),
  };

  const opened = opening.move();
  return {
    jwks: () => ({ keys: keys.list().map(({ publicJwk }) => publicJwk) }),
    // biome-ignore lint/suspicious/useAwait: what is thrown is to be a rejection
    async identifyCaller({ kind, token }) {
      if (kind === 'service_account') {
        return verifyServiceAccountToken(token, serviceAccountKey, store, knownServiceAccounts);
      }
      if (verifyProvider !== null) return verifyProvider(token);
      throw credentialInvalid('issuer', "is the identity provider's, whose tokens are not read here");
    },
    checkPerson: (id) => checkPerson(id, store, trustedIssuers),
    findTokenKind: (token) => findTokenKind(token, provider?.issuer ?? null),
    verifyAssertion: (token, presentation) => verifyAssertion(token, presentation, rules),
    signAssertion: sign,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
