import { BehalfError } from '../errors.ts';
import { stateUnusable } from './identity-errors.ts';
import { makeFirstKey } from './make-first-key.ts';
import type { Store } from './open-store.ts';
import { parseSigningKey, type SigningKey } from './parse-signing-key.ts';
import { findKeyState, type StoredKey } from './rotate-keys.ts';

/** The keys of this moment. Every method throws ERR_STATE_UNUSABLE where that cannot be known. */
export interface SigningKeys {
  /** The one that signs. */
  current(): SigningKey;
  /** The one of exactly this `kid`, if what it signed is still taken. */
  find(kid: string): SigningKey | undefined;
  /** Those that are published, the one that signs first. */
  list(): readonly SigningKey[];
}

/**
 * The keys that are given as PEM, of which the first signs; where none is, those of the store, as they come and go.
 * Throws ERR_CONFIG_INVALID for a given key that cannot be used, or ERR_STATE_UNUSABLE.
 */
export function openSigningKeys(pems: readonly string[], store: Store, stateDir: string): SigningKeys {
  const [first, ...others] = pems.map(parseGivenKey);
  if (first !== undefined) return fixKeys(first, others);
  makeFirstKey(store, stateDir);
  const keys = followKeys(store);
  // A store whose keys cannot be used is found out at the start.
  keys.current();
  return keys;
}

function parseGivenKey(pem: string): SigningKey {
  const key = parseSigningKey(pem);
  if (key !== null) return key;
  throw new BehalfError('ERR_CONFIG_INVALID', 'signing_key is not the PEM of a private key: P-256, RSA or Ed25519');
}

function fixKeys(first: SigningKey, others: readonly SigningKey[]): SigningKeys {
  const byKid = new Map([first, ...others].map((key) => [key.kid, key]));
  return { current: () => first, find: (kid) => byKid.get(kid), list: () => [...byKid.values()] };
}

interface LoadedKey {
  readonly stored: StoredKey;
  readonly key: SigningKey;
}

function followKeys(store: Store): SigningKeys {
  let loaded: readonly LoadedKey[] = [];
  let version: number | null = null;

  const load = (): readonly LoadedKey[] => {
    const found = store.version();
    if (found !== version) {
      loaded = store.listKeys().map((stored) => ({ stored, key: findLoaded(loaded, stored) ?? parseStored(stored) }));
      version = found;
    }
    return loaded;
  };
  const inState = (state: 'signing' | 'next' | 'retired') => {
    const now = Date.now() / 1000;
    return load()
      .filter(({ stored }) => findKeyState(stored, now) === state)
      .map(({ key }) => key);
  };

  return {
    current() {
      const now = Date.now() / 1000;
      const signing = load().find(({ stored }) => findKeyState(stored, now) === 'signing');
      if (signing === undefined)
        throw stateUnusable('store.sqlite has no key that signs at this time: is the clock right?');
      return signing.key;
    },
    find: (kid) => load().find(({ stored }) => stored.kid === kid && findKeyState(stored, Date.now() / 1000))?.key,
    list: () => (['signing', 'next', 'retired'] as const).flatMap(inState),
  };
}

function findLoaded(loaded: readonly LoadedKey[], { kid, alg, pem }: StoredKey): SigningKey | undefined {
  return loaded.find(({ key, stored }) => key.kid === kid && key.alg === alg && stored.pem === pem)?.key;
}

function parseStored({ kid, alg, pem }: StoredKey): SigningKey {
  const key = parseSigningKey(pem);
  if (key?.kid === kid && key.alg === alg) return key;
  throw stateUnusable(`the signing key ${kid} in store.sqlite is damaged: put a copy back, or revoke the key`);
}
