import { statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { guardState } from './guard-state.ts';
import { makeStateFile } from './make-state-file.ts';
import { watchWal } from './watch-wal.ts';

/** One of the files of SQLite under the state folder. */
export interface DatabaseKind {
  readonly file: string;
  /** The SQL of each version of the schema, on top of the one before. A version that was released stays as it is. */
  readonly steps: readonly string[];
  /** Whether it is looked through for damage whenever it has changed: what is damaged then serves nobody. For small ones. */
  readonly isCheckedWhole: boolean;
}

/** How long one process waits for another's write. Readers never wait: that is what WAL is for. */
const BUSY_TIMEOUT_MS = 2000;

/** How long what was found of the file is believed: so late may a revocation be seen, or damage. */
const CHECK_EVERY_MS = 100;

const REPLACED = 'it was replaced while in use: restart';

export interface Database extends Disposable {
  readonly connection: DatabaseSync;
  /**
   * Another number whenever the contents may have changed, by whomever. Looks at the files that are at the path now, at
   * most every 100 ms: an open one that was removed or replaced, be it only the `-wal`, would show its last state for
   * ever, and no revocation would reach this process. Throws ERR_STATE_UNUSABLE.
   */
  version(): number;
  /** Runs `action` after a look at the file, and translates every failure: ERR_STATE_UNUSABLE. */
  use<T>(action: () => T): T;
  /** The same as the only writer, whose changes are seen whole or not at all. Waits for another, and the process with it. */
  change<T>(action: () => T): T;
  /** The same without waiting: null where another writes at this moment. */
  tryChange<T>(action: () => T): T | null;
}

/**
 * Opens a database under the state folder, made where it is missing and brought up to date where it is older. Throws
 * ERR_STATE_UNUSABLE.
 */
export function openDatabase(stateDir: string, { file, steps, isCheckedWhole }: DatabaseKind): Database {
  // Made whole before it has its name: an empty store is one that was damaged, not a new one.
  const path = makeStateFile(stateDir, file, (draft) => createDatabase(draft, steps));
  return guardState(path, () => {
    using opening = new DisposableStack();
    const opened = statSync(path);
    const connection = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    const wal = watchWal(path, `${opened.dev}:${opened.ino}`);
    opening.defer(() => wal.end(() => connection[Symbol.dispose]()));
    if (opened.size > 0) migrate(connection, steps);
    const versionOf = connection.prepare('PRAGMA user_version');
    /** Counts what other connections wrote. */
    const writesOf = connection.prepare('PRAGMA data_version');

    let version = 0;
    let seenBytes = '';
    let seenWrites: unknown;
    let checkedAt = -Infinity;
    const check = (): void => {
      const now = performance.now();
      if (now - checkedAt < CHECK_EVERY_MS) return;
      const found = statSync(path);
      if (found.ino !== opened.ino || found.dev !== opened.dev || found.size === 0) throw new Error(REPLACED);
      // Reads, so that the `-wal` and the `-shm` of this connection are there.
      checkSchema(versionOf, steps.length);
      if (wal.isReplaced()) throw new Error(REPLACED);
      const bytes = `${found.size} ${found.mtimeMs}`;
      if (isCheckedWhole && bytes !== seenBytes) checkWhole(path);
      const writes = writesOf.get()?.['data_version'];
      if (bytes !== seenBytes || writes !== seenWrites) version += 1;
      seenBytes = bytes;
      seenWrites = writes;
      checkedAt = now;
    };
    const use: Database['use'] = (action) =>
      guardState(path, () => {
        check();
        return action();
      });
    use(() => {});
    const change = <T>(action: () => T): T => {
      const result = writeAlone(connection, action);
      version += 1;
      return result;
    };

    const held = opening.move();
    return {
      connection,
      use,
      version() {
        if (performance.now() - checkedAt >= CHECK_EVERY_MS) use(() => {});
        return version;
      },
      change: (action) => use(() => change(action)),
      tryChange: (action) =>
        use(() => {
          connection.exec('PRAGMA busy_timeout = 0');
          try {
            return change(action);
          } catch (error) {
            if (isBusy(error)) return null;
            throw error;
          } finally {
            connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
          }
        }),
      [Symbol.dispose]() {
        checkedAt = -Infinity;
        held.dispose();
      },
    };
  });
}

function createDatabase(path: string, steps: readonly string[]): void {
  using connection = new DatabaseSync(path);
  connection.exec(
    `BEGIN; ${steps.join('\n')} PRAGMA user_version = ${steps.length}; COMMIT; PRAGMA journal_mode = WAL;`,
  );
}

/** Of two processes that find an older schema, the second waits for the first, and then finds nothing to do. */
function migrate(connection: DatabaseSync, steps: readonly string[]): void {
  const readVersion = () => Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
  const isOlder = (version: number) => version > 0 && version < steps.length;
  if (!isOlder(readVersion())) return;
  writeAlone(connection, () => {
    const version = readVersion();
    if (!isOlder(version)) return;
    connection.exec(`${steps.slice(version).join('\n')} PRAGMA user_version = ${steps.length};`);
  });
}

function writeAlone<T>(connection: DatabaseSync, action: () => T): T {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const result = action();
    connection.exec('COMMIT');
    return result;
  } finally {
    if (connection.isTransaction) connection.exec('ROLLBACK');
  }
}

/** SQLITE_BUSY and its kinds. */
function isBusy(error: unknown): boolean {
  const { errcode } = Object(error);
  return typeof errcode === 'number' && (errcode & 0xff) === 5;
}

/** By a connection of its own: an open one would go on with what it has in memory. */
function checkWhole(path: string): void {
  using connection = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  const { quick_check: found } = connection.prepare('PRAGMA quick_check(1)').get() ?? {};
  if (found !== 'ok') throw new Error(`it is damaged: put a copy back (${found})`);
}

/** A newer program may keep rows that mean "refused" in a way that this one does not see. */
function checkSchema(statement: StatementSync, expected: number): void {
  const { user_version: version } = statement.get() ?? {};
  if (version === expected) return;
  throw new Error(`its schema is version ${version}, not ${expected}: put a copy back, or run the program it is of`);
}
