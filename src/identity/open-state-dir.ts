import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPrivate } from './check-private.ts';
import { guardState } from './guard-state.ts';

/** Makes the folder of keys and the store where it is missing. Throws ERR_STATE_UNUSABLE, also if others can get at it. */
export function openStateDir(stateDir: string): void {
  guardState(stateDir, () => {
    const made = mkdirSync(stateDir, { recursive: true, mode: 0o700 }) !== undefined;
    // The default lies beside the configuration, often in a repository: no key is to be committed by accident.
    if (made) writeFileSync(join(stateDir, '.gitignore'), '*\n');
    checkPrivate(stateDir, 'folder');
  });
}
