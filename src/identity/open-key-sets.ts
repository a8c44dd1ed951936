import { judgeByKeys, type SignatureJudge } from './judge-by-keys.ts';
import { type FetchedSource, openFetchedKeys } from './open-fetched-keys.ts';

/** Where an issuer's keys are from: fetched, or given with the configuration. */
export type KeySource = FetchedSource | { readonly kind: 'jwks'; readonly jwks: object };

export interface KeySet extends Disposable {
  readonly judge: SignatureJudge;
}

export interface KeySets {
  /**
   * The keys of a source, for as long as the caller needs them. Throws ERR_IDENTITY_UNAVAILABLE for a given JWK Set that
   * is none.
   */
  open(source: KeySource): KeySet;
}

interface Fetched {
  readonly judge: SignatureJudge;
  readonly closing: AbortController;
  users: number;
}

/**
 * The keys of all issuers, one object a process: what was fetched for one configuration serves the next, and is let go
 * when nobody uses its source any more.
 */
export function openKeySets(): KeySets {
  const sources = new Map<string, Fetched>();
  return {
    open(source) {
      if (source.kind === 'jwks') return { judge: judgeByKeys(source.jwks, 'jwks_file'), [Symbol.dispose]() {} };
      const name = source.kind === 'issuer' ? `issuer ${source.issuer}` : `url ${source.url}`;
      const fetched = sources.get(name) ?? openSource(source);
      sources.set(name, fetched);
      fetched.users += 1;
      let isOpen = true;
      return {
        judge: fetched.judge,
        [Symbol.dispose]() {
          if (!isOpen) return;
          isOpen = false;
          fetched.users -= 1;
          if (fetched.users > 0) return;
          sources.delete(name);
          fetched.closing.abort();
        },
      };
    },
  };
}

function openSource(source: FetchedSource): Fetched {
  const closing = new AbortController();
  return { judge: openFetchedKeys(source, closing.signal), closing, users: 0 };
}
