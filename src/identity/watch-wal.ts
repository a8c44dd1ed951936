import { renameSync, statSync } from 'node:fs';

/** What SQLite keeps beside a store in use: the writes of late, and where they are. */
const SUFFIXES = ['-wal', '-shm'];

export interface WalWatch {
  /** Whether one of the files that were once there is gone, or another: what others write is no longer seen then. */
  isReplaced(): boolean;
  /** Ends the watch; `close` closes the connection. */
  end(close: () => void): void;
}

/**
 * All connections of a process to one file share its first `-shm`, whatever lies at that path by now: a new connection
 * cannot mend what an older one has lost.
 */
interface Shared {
  readonly seen: Map<string, string>;
  watches: number;
}
const sharedOf = new Map<string, Shared>();

/** Watches what lies beside the SQLite database at `path`; `file` tells it from any other that was there. */
export function watchWal(path: string, file: string): WalWatch {
  const shared = sharedOf.get(file) ?? { seen: new Map(), watches: 0 };
  sharedOf.set(file, shared);
  shared.watches += 1;

  const hasChanged = (suffix: string): boolean => {
    const found = statSync(path + suffix, { throwIfNoEntry: false });
    const known = shared.seen.get(suffix);
    const now = found && `${found.dev}:${found.ino}`;
    if (known === undefined && now !== undefined) shared.seen.set(suffix, now);
    return known !== undefined && known !== now;
  };
  const isReplaced = (): boolean => SUFFIXES.some(hasChanged);

  return {
    isReplaced,
    end(close) {
      shared.watches -= 1;
      if (shared.watches === 0) sharedOf.delete(file);
      const hasOthers = isReplaced() && statSync(`${path}-wal`, { throwIfNoEntry: false }) !== undefined;
      if (!hasOthers) return close();
      // The last to close removes the `-wal` at the path, though it is not its own: others' revocations are in there.
      renameSync(`${path}-wal`, `${path}-wal.kept`);
      try {
        close();
      } finally {
        renameSync(`${path}-wal.kept`, `${path}-wal`);
      }
    },
  };
}
