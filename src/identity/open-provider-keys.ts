import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { discoverJwksUri } from './discover-jwks-uri.ts';
import { fetchProviderJson } from './fetch-provider-json.ts';
import { identityUnavailable } from './identity-errors.ts';

/** No `none`, no shared secrets. Which of these a token may use, its key says: type, curve, `use`, `key_ops`, `alg`. */
const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const CURVES = ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
const ALGORITHMS = [...RSA, ...CURVES];

/** Older keys are fetched anew, and serve meanwhile. */
const REFRESH_AFTER_MS = 10 * 60_000;
/** Older keys serve no more: so long may the provider be away, and so long may a key that it withdrew live on. */
const UNUSABLE_AFTER_MS = 60 * 60_000;
/** Between the starts of two fetches while there are keys: what an unknown key, or a provider that is away, can cost. */
const QUIET_MS = 30_000;
/** Between the starts of two fetches while there are none. */
const RETRY_MS = 1000;

export interface ProviderKeys {
  /**
   * What the provider's keys say of a compact JWS. Rejects with ERR_IDENTITY_UNAVAILABLE while there are none, or where
   * a key is unknown and the provider could not be asked for it.
   */
  judge(token: string): Promise<'signed' | 'forged' | 'unknown'>;
}

interface KeySet {
  readonly find: ReturnType<typeof createLocalJWKSet>;
  readonly fetchedAt: number;
}

/**
 * The provider's signing keys, first fetched when they are first needed. However many requests wait, one fetch is under
 * way. jose's createRemoteJWKSet would not do: it serves nothing once a due refresh fails, fetches for every unknown key
 * while the provider is away, and reads answers of any length.
 */
export function openProviderKeys(issuer: string, closed: AbortSignal): ProviderKeys {
  let jwksUri: string | null = null;
  let keys: KeySet | null = null;
  let fetch: { readonly startedAt: number; readonly done: Promise<KeySet>; settled: boolean } | null = null;

  const fetchKeys = async (startedAt: number): Promise<KeySet> => {
    try {
      jwksUri ??= await discoverJwksUri(issuer, closed);
      const jwks = await fetchProviderJson(jwksUri, closed);
      keys = { find: createLocalJWKSet(jwks as unknown as JSONWebKeySet), fetchedAt: startedAt };
      return keys;
    } catch (error) {
      // The keys may have moved: the next fetch starts from discovery.
      jwksUri = null;
      throw error instanceof errors.JOSEError ? identityUnavailable(`its keys cannot be used: ${error}`, error) : error;
    }
  };

  /** The outcome of the fetch that is under way, or that began less than `quietMs` ago, else of a new one. */
  const refresh = (quietMs: number): Promise<KeySet> => {
    const now = performance.now();
    if (fetch !== null && (!fetch.settled || now - fetch.startedAt < quietMs)) return fetch.done;
    const started = { startedAt: now, done: fetchKeys(now), settled: false };
    const settle = () => {
      started.settled = true;
    };
    started.done.then(settle, settle);
    fetch = started;
    return started.done;
  };

  const current = (): KeySet | Promise<KeySet> => {
    const age = keys === null ? Infinity : performance.now() - keys.fetchedAt;
    if (keys === null || age > UNUSABLE_AFTER_MS) return refresh(RETRY_MS);
    // The outcome is for later requests; a failure leaves the keys as they are.
    if (age > REFRESH_AFTER_MS) refresh(QUIET_MS).catch(() => {});
    return keys;
  };

  return {
    async judge(token) {
      const verdict = await judgeWith(await current(), token);
      return verdict === 'unknown' ? judgeWith(await refresh(QUIET_MS), token) : verdict;
    },
  };
}

async function judgeWith({ find }: KeySet, token: string): Promise<'signed' | 'forged' | 'unknown'> {
  try {
    await compactVerify(token, find, { algorithms: ALGORITHMS });
    return 'signed';
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return 'unknown';
    if (error instanceof errors.JOSEError) return 'forged';
    throw identityUnavailable(`one of its keys cannot be used: ${error}`, error);
  }
}
