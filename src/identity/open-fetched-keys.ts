import { discoverJwksUri } from './discover-jwks-uri.ts';
import { fetchJson } from './fetch-json.ts';
import { judgeByKeys, type SignatureJudge } from './judge-by-keys.ts';

/** Where an issuer publishes its keys: as its discovery document says, or at this address. */
export type FetchedSource =
  | { readonly kind: 'issuer'; readonly issuer: string }
  | { readonly kind: 'url'; readonly url: string };

/** Older keys are fetched anew, and serve meanwhile. */
const REFRESH_AFTER_MS = 10 * 60_000;
/** Older keys serve no more: so long may the issuer be away, and so long may a key that it withdrew live on. */
const UNUSABLE_AFTER_MS = 60 * 60_000;
/** Between the starts of two fetches while there are keys: what an unknown key, or an issuer that is away, can cost. */
const QUIET_MS = 30_000;
/** Between the starts of two fetches while there are none. */
const RETRY_MS = 1000;

interface Keys {
  readonly judge: SignatureJudge;
  readonly fetchedAt: number;
}

/**
 * Judges by an issuer's keys, first fetched when they are first needed. However many requests wait, one fetch is under
 * way. jose's createRemoteJWKSet would not do: it serves nothing once a due refresh fails, fetches for every unknown key
 * while the issuer is away, and reads answers of any length. Rejects with ERR_IDENTITY_UNAVAILABLE while there are no
 * keys, or where a key is unknown and the issuer could not be asked for it.
 */
export function openFetchedKeys(source: FetchedSource, closed: AbortSignal): SignatureJudge {
  let discovered: string | null = null;
  let keys: Keys | null = null;
  let fetch: { readonly startedAt: number; readonly done: Promise<Keys>; settled: boolean } | null = null;

  const findUrl = async (): Promise<string> => {
    if (source.kind === 'url') return source.url;
    discovered ??= await discoverJwksUri(source.issuer, closed);
    return discovered;
  };

  const fetchKeys = async (startedAt: number): Promise<Keys> => {
    try {
      const url = await findUrl();
      keys = { judge: judgeByKeys(await fetchJson(url, closed), url), fetchedAt: startedAt };
      return keys;
    } catch (error) {
      // The keys may have moved: the next fetch starts from discovery.
      discovered = null;
      throw error;
    }
  };

  /** The outcome of the fetch that is under way, or that began less than `quietMs` ago, else of a new one. */
  const refresh = (quietMs: number): Promise<Keys> => {
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

  const current = (): Keys | Promise<Keys> => {
    const age = keys === null ? Infinity : performance.now() - keys.fetchedAt;
    if (keys === null || age > UNUSABLE_AFTER_MS) return refresh(RETRY_MS);
    // The outcome is for later requests; a failure leaves the keys as they are.
    if (age > REFRESH_AFTER_MS) refresh(QUIET_MS).catch(() => {});
    return keys;
  };

  return async (token) => {
    const verdict = await (await current()).judge(token);
    return verdict === 'unknown' ? (await refresh(QUIET_MS)).judge(token) : verdict;
  };
}
