import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPrivate } from './check-private.ts';
import { guardState } from './guard-state.ts';

/**
 * The path of a file under the state folder. Where it is missing it is made: `fill` gets the path of an empty file to
 * write to. Of two processes that start at once, one makes the file and both use it; a crash leaves it whole or absent.
 * Throws ERR_STATE_UNUSABLE.
 */
export function makeStateFile(stateDir: string, name: string, fill: (draft: string) => void): string {
  const path = join(stateDir, name);
  return guardState(path, () => {
    if (!existsSync(path)) publish(path, fill);
    checkPrivate(path, 'file');
    return path;
  });
}

function publish(path: string, fill: (draft: string) => void): void {
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, '', { flag: 'wx', mode: 0o600 });
    fill(draft);
    // A link, unlike a rename, never replaces what another process put there first.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
