import { readFileSync, writeFileSync } from 'node:fs';
import { guardState } from './guard-state.ts';
import { stateUnusable } from './identity-errors.ts';
import { makeStateFile } from './make-state-file.ts';

/**
 * What `parse` makes of a text file under the state folder, made from `write()` where it is missing. Throws
 * ERR_STATE_UNUSABLE, also where `parse` gives null: a damaged file is never replaced, since what depends on it is
 * for its owner to judge.
 */
export function loadStateFile<T>(
  stateDir: string,
  name: string,
  write: () => string,
  parse: (text: string) => T | null,
): T {
  const path = makeStateFile(stateDir, name, (draft) => writeFileSync(draft, write(), { flush: true }));
  const value = guardState(path, () => parse(readFileSync(path, 'latin1')));
  if (value !== null) return value;
  throw stateUnusable(`${JSON.stringify(path)} is damaged: put a copy back, or remove it to have a new one made`);
}
