import { BehalfError } from '../errors.ts';
import type { SigningAlgorithm } from '../signing-algorithms.ts';
import { makeFirstKey } from './make-first-key.ts';
import { openStateDir } from './open-state-dir.ts';
import { openStore } from './open-store.ts';
import { addKey, findKeyState, generateKey, type KeyState, removeKey, type StoredKey } from './rotate-keys.ts';
import { ASSERTION_LIFE_SECONDS } from './sign-assertion.ts';

/** A key without its private half. */
export interface KeyStatus extends Omit<StoredKey, 'pem'> {
  readonly state: KeyState;
}

export interface Rotation {
  /** Null for that of the key that signs now, as verifiers may take no other. */
  readonly alg: SigningAlgorithm | null;
  readonly afterSeconds: number;
  /** The longest `original_user_max_age` of a route, 0 where none has one: as long may an assertion be carried. */
  readonly maxAgeSeconds: number;
}

export interface StateKeys extends Disposable {
  /** Those that count, in the order in which they were made. */
  list(): readonly KeyStatus[];
  /** Adds a key, published at once, which signs from `afterSeconds` on; the one that signs until then is retired. */
  rotate(rotation: Rotation): KeyStatus;
  /**
   * Drops a key at once, and with it all that it signed. Gives the one that signs in its place; null where another one
   * signs as before. Throws ERR_USAGE where no key has this `kid`.
   */
  revoke(kid: string, alg: SigningAlgorithm | null): KeyStatus | null;
}

/** For verifiers whose clocks are late, and what a proxy signs until it has seen the change. */
const MARGIN_SECONDS = 60;

/** What `behalf keys` works on, the signing keys of the store; shared with running proxies. Throws ERR_STATE_UNUSABLE. */
export function openStateKeys(stateDir: string): StateKeys {
  openStateDir(stateDir);
  using opening = new DisposableStack();
  const store = opening.use(openStore(stateDir));
  makeFirstKey(store, stateDir);

  const list = (): readonly KeyStatus[] =>
    store.listKeys().flatMap(({ pem: _, ...key }) => {
      const state = findKeyState(key, nowSeconds());
      return state === null ? [] : [{ ...key, state }];
    });
  const find = (isIt: (key: KeyStatus) => boolean): KeyStatus => {
    const key = list().find(isIt);
    if (key === undefined) throw new TypeError('the key that was just there is gone');
    return key;
  };
  const isSigning = ({ state }: KeyStatus): boolean => state === 'signing';

  const held = opening.move();
  return {
    list,
    rotate({ alg, afterSeconds, maxAgeSeconds }) {
      const key = generateKey(alg ?? find(isSigning).alg);
      const now = nowSeconds();
      const keepSeconds = Math.ceil(Math.max(ASSERTION_LIFE_SECONDS, maxAgeSeconds)) + MARGIN_SECONDS;
      store.changeKeys((keys) => addKey(keys, key, { now, signsFrom: now + afterSeconds, keepSeconds }));
      return find(({ kid }) => kid === key.kid);
    },
    revoke(kid, alg) {
      // Before the store is locked: an RSA key takes its time.
      const fresh = generateKey(alg ?? find(isSigning).alg);
      const now = nowSeconds();
      let wasSigning = false;
      store.changeKeys((keys) => {
        const key = keys.find((one) => one.kid === kid);
        if (key === undefined) throw new BehalfError('ERR_USAGE', `no key has the KID ${JSON.stringify(kid)}`);
        wasSigning = findKeyState(key, now) === 'signing';
        return removeKey(keys, kid, fresh, now);
      });
      return wasSigning ? find(isSigning) : null;
    },
    [Symbol.dispose]: () => held.dispose(),
  };
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000);
