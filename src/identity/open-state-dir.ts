import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkPrivate } from './check-private.ts';
import { guardState } from './guard-state.ts';

/** Makes the folder of keys and the store where it is missing. Throws ERR_STATE_UNUSABLE, also if others can get at it. */
export function openStateDir(stateDir: string): void {
  guardState(stateDir, () => {
    const made = makeFolder(stateDir);
    // The default lies beside the configuration, often in a repository: no key is to be committed by accident.
    if (made) writeFileSync(join(stateDir, '.gitignore'), '*\n');
    checkPrivate(stateDir, 'folder');
  });
}

/** Makes a folder and its missing parents, and says whether it did. Node's own `recursive` never ends under /proc. */
function makeFolder(path: string): boolean {
  if (existsSync(path)) return false;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    // Another process was faster, or a symbolic link leads nowhere: `checkPrivate` tells them apart.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
