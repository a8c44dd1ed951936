import { statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { guardState } from './guard-state.ts';
import { makeStateFile } from './make-state-file.ts';

const SCHEMA_VERSION = 1;

/**
 * Rows are never deleted: a revoked one goes on refusing its token by name, and keeps its id from being a person's.
 * Times are seconds since 1970; without an `expires_at` a token has no end.
 */
const SCHEMA = `
  CREATE TABLE service_account_tokens (
    jti TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX service_account_tokens_by_id ON service_account_tokens (id);
  PRAGMA user_version = ${SCHEMA_VERSION};
  PRAGMA journal_mode = WAL;
`;

/** How long one process waits for another's write. Readers never wait: that is what WAL is for. */
const BUSY_TIMEOUT_MS = 2000;

export interface Database extends Disposable {
  readonly connection: DatabaseSync;
  /**
   * Runs `action` on the file that is at the path now, and translates every failure: ERR_STATE_UNUSABLE. An open file
   * that was removed or replaced would show its last state for ever, and no revocation would reach this process.
   */
  use<T>(action: () => T): T;
}

/** Opens `store.sqlite` under the state folder, and makes it where it is missing. Throws ERR_STATE_UNUSABLE. */
export function openDatabase(stateDir: string): Database {
  // Made whole before it has its name: an empty store is one that was damaged, not a new one.
  const path = makeStateFile(stateDir, 'store.sqlite', createDatabase);
  return guardState(path, () => {
    const opened = statSync(path);
    const connection = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    const version = connection.prepare('PRAGMA user_version');
    const check = () => {
      const found = statSync(path);
      if (found.ino !== opened.ino || found.dev !== opened.dev || found.size === 0) {
        throw new Error('it was replaced while in use: restart');
      }
      checkVersion(version);
    };
    check();
    return {
      connection,
      use: (action) =>
        guardState(path, () => {
          check();
          return action();
        }),
      [Symbol.dispose]: () => connection[Symbol.dispose](),
    };
  });
}

function createDatabase(path: string): void {
  using connection = new DatabaseSync(path);
  connection.exec(SCHEMA);
}

/** A newer program may keep rows that mean "refused" in a way that this one does not see. */
function checkVersion(statement: StatementSync): void {
  const { user_version: version } = statement.get() ?? {};
  if (version === SCHEMA_VERSION) return;
  throw new Error(
    `its schema is version ${version}, not ${SCHEMA_VERSION}: put a copy back, or run the program it is of`,
  );
}
