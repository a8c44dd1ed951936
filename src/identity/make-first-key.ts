import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkPrivate } from './check-private.ts';
import { guardState } from './guard-state.ts';
import { stateUnusable } from './identity-errors.ts';
import type { Store } from './open-store.ts';
import { parseSigningKey } from './parse-signing-key.ts';
import { generateKey, type NewKey, startKeys } from './rotate-keys.ts';

/** Where Behalf 0.1 kept its only key. */
const OLD_FILE = 'signing-key.pem';

/**
 * Sees to it that the store has a key to sign with: that of an older version, which moves from its file into the store,
 * else a new one; and that no file of an older version outlives a key that is revoked. Throws ERR_STATE_UNUSABLE.
 */
export function makeFirstKey(store: Store, stateDir: string): void {
  if (store.listKeys().length === 0) {
    store.changeKeys((keys) => {
      // Of two processes that start at once, the second finds what the first one made.
      if (keys.length > 0) return keys;
      return startKeys(readOldKey(stateDir) ?? generateKey('ES256'), Math.floor(Date.now() / 1000));
    });
  }
  // Only now: a crash in between leaves two copies, not none; the next start removes the one.
  const path = join(stateDir, OLD_FILE);
  guardState(path, () => rmSync(path, { force: true }));
}

function readOldKey(stateDir: string): NewKey | null {
  const path = join(stateDir, OLD_FILE);
  return guardState(path, () => {
    if (!existsSync(path)) return null;
    checkPrivate(path, 'file');
    const pem = readFileSync(path, 'latin1');
    const key = parseSigningKey(pem);
    if (key !== null) return { kid: key.kid, alg: key.alg, pem };
    throw stateUnusable(`${JSON.stringify(path)} is damaged: put a copy back, or remove it to have a new one made`);
  });
}
