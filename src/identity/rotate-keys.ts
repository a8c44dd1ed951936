import { generatePrivateKey, type SigningAlgorithm } from '../signing-algorithms.ts';
import { parseSigningKey } from './parse-signing-key.ts';

/**
 * A signing key of the store. Times are whole seconds since 1970. It is published from the moment it is there, signs
 * from `signs_from` until `retired_at`, and is taken until `ends_at`; null is until told otherwise. The times of all keys
 * fit together: at every moment exactly one of them signs.
 */
export interface StoredKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** PKCS #8. */
  readonly pem: string;
  readonly created_at: number;
  readonly signs_from: number;
  readonly retired_at: number | null;
  readonly ends_at: number | null;
}

export type NewKey = Pick<StoredKey, 'kid' | 'alg' | 'pem'>;
export type KeyState = 'signing' | 'next' | 'retired';

/** A new key, whose `kid` is never taken for an option on a command line. */
export function generateKey(alg: SigningAlgorithm): NewKey {
  const pem = generatePrivateKey(alg);
  const key = parseSigningKey(pem);
  if (key === null) throw new TypeError(`a new ${alg} key cannot be used`);
  return key.kid.startsWith('-') ? generateKey(alg) : { kid: key.kid, alg, pem };
}

/** Null for a key that counts no more. */
export function findKeyState(
  { signs_from, retired_at, ends_at }: Pick<StoredKey, 'signs_from' | 'retired_at' | 'ends_at'>,
  now: number,
): KeyState | null {
  if (now >= (ends_at ?? Infinity)) return null;
  if (now >= (retired_at ?? Infinity)) return 'retired';
  return now >= signs_from ? 'signing' : 'next';
}

/** Signs from the beginning of time, so that no clock that is set back leaves the proxy without a key. */
export function startKeys(key: NewKey, now: number): readonly StoredKey[] {
  return [{ ...key, created_at: now, signs_from: 0, retired_at: null, ends_at: null }];
}

/**
 * The keys with one more, which signs from `signsFrom`. The one that signs is retired then and stays for `keepSeconds`
 * more, in which what it signed ends. A key that was to be next is retired at once: it stays as long, as another process
 * may have begun to sign with it in this very second.
 */
export function addKey(
  keys: readonly StoredKey[],
  key: NewKey,
  { now, signsFrom, keepSeconds }: { readonly now: number; readonly signsFrom: number; readonly keepSeconds: number },
): readonly StoredKey[] {
  const retire = (old: StoredKey): StoredKey => {
    const state = findKeyState(old, now);
    if (state === 'retired' || state === null) return old;
    const retired_at = state === 'signing' ? signsFrom : now;
    return { ...old, retired_at, ends_at: retired_at + keepSeconds };
  };
  const added = { ...key, created_at: now, signs_from: signsFrom, retired_at: null, ends_at: null };
  return [...withoutEnded(keys, now).map(retire), added];
}

/**
 * The keys without this one. In place of the one that signs, the next one signs at once, which verifiers may know already,
 * and where there is none, the fresh one; where it was the next one, the one that signs goes on.
 */
export function removeKey(keys: readonly StoredKey[], kid: string, fresh: NewKey, now: number): readonly StoredKey[] {
  const left = withoutEnded(keys, now).filter((key) => key.kid !== kid);
  const next = left.find((key) => findKeyState(key, now) === 'next');
  if (left.some((key) => findKeyState(key, now) === 'signing')) {
    const goOn = (key: StoredKey): StoredKey =>
      findKeyState(key, now) === 'signing' ? { ...key, retired_at: null, ends_at: null } : key;
    return next === undefined ? left.map(goOn) : left;
  }
  if (next === undefined)
    return [...left, { ...fresh, created_at: now, signs_from: now, retired_at: null, ends_at: null }];
  return left.map((key) => (key === next ? { ...key, signs_from: now } : key));
}

function withoutEnded(keys: readonly StoredKey[], now: number): readonly StoredKey[] {
  return keys.filter((key) => findKeyState(key, now) !== null);
}
