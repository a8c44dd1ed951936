import { lstatSync } from 'node:fs';
import { stateUnusable } from './identity-errors.ts';

const KINDS = {
  folder: { mode: '700', is: 'isDirectory' },
  file: { mode: '600', is: 'isFile' },
} as const;

/**
 * Throws ERR_STATE_UNUSABLE unless `path` is itself (no symbolic link) a folder or file of this process's user that
 * nobody else may read or write.
 */
export function checkPrivate(path: string, kind: keyof typeof KINDS): void {
  const { mode, is } = KINDS[kind];
  const shown = JSON.stringify(path);
  const stat = lstatSync(path);
  if (!stat[is]()) throw stateUnusable(`${shown} is not a ${kind}: move it away (a symbolic link is not followed)`);
  const uid = process.geteuid?.();
  if (stat.uid !== uid) {
    throw stateUnusable(`${shown} belongs to user ${stat.uid}, but this is user ${uid}: run chown ${uid} ${shown}`);
  }
  if ((stat.mode & 0o077) !== 0) {
    const found = (stat.mode & 0o777).toString(8).padStart(4, '0');
    throw stateUnusable(`${shown} is open to other users (mode ${found}): run chmod ${mode} ${shown}`);
  }
}
