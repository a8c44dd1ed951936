import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { openCache } from '../open-cache.ts';
import { type DatabaseKind, openDatabase } from './open-database.ts';
import type { StoredKey } from './rotate-keys.ts';

/**
 * One step a version. Rows of tokens are never deleted: a revoked one goes on refusing its token by name, and keeps its
 * id from being a person's. Times are seconds since 1970; without an `expires_at` a token has no end. `serves` and
 * `carries` are JSON lists of routes' names. For the times of a key see rotate-keys.ts.
 */
const STEPS = [
  `CREATE TABLE service_account_tokens (
     jti TEXT PRIMARY KEY,
     id TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     expires_at INTEGER,
     revoked_at INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX service_account_tokens_by_id ON service_account_tokens (id);`,
  `ALTER TABLE service_account_tokens ADD COLUMN serves TEXT NOT NULL DEFAULT '[]';
   ALTER TABLE service_account_tokens ADD COLUMN carries TEXT NOT NULL DEFAULT '[]';
   CREATE TABLE signing_keys (
     kid TEXT PRIMARY KEY,
     alg TEXT NOT NULL,
     pem TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     signs_from INTEGER NOT NULL,
     retired_at INTEGER,
     ends_at INTEGER
   ) STRICT, WITHOUT ROWID;`,
];

export const STORE: DatabaseKind = { file: 'store.sqlite', steps: STEPS, isCheckedWhole: true };

/** What the store knows of one token of a service account: never the token. Times in seconds since 1970. */
export interface ServiceAccountToken {
  readonly id: string;
  readonly jti: string;
  readonly created_at: number;
  /** Null: without end. */
  readonly expires_at: number | null;
  /** Null: not revoked. */
  readonly revoked_at: number | null;
  /** Names of the routes whose Assertion it receives. */
  readonly serves: readonly string[];
  /** Names of the routes whose -For it passes on. Without either it may present any assertion. */
  readonly carries: readonly string[];
}

/** Which tokens: those of an id, or the one of a `jti`, or the one if it is also of that id. */
export type TokenSelection =
  | { readonly id: string; readonly jti?: string }
  | { readonly id?: string; readonly jti: string };

/**
 * Every method throws ERR_STATE_UNUSABLE where the store cannot be read: that is never taken for "not revoked". What
 * another process wrote is seen within 100 ms.
 */
export interface Store extends Disposable {
  /** Another number whenever something may have changed. */
  version(): number;
  findToken(jti: string): ServiceAccountToken | null;
  /** Whether a service account has, or had, this id. */
  knowsServiceAccount(id: string): boolean;
  listTokens(): readonly ServiceAccountToken[];
  addToken(token: ServiceAccountToken): void;
  /** Returns how many tokens were selected, those revoked before included. */
  revokeTokens(selection: TokenSelection, now: number): number;
  /** In the order in which they were made. */
  listKeys(): readonly StoredKey[];
  /** Puts what `change` makes of the keys in their place; nobody else changes them meanwhile. */
  changeKeys(change: (keys: readonly StoredKey[]) => readonly StoredKey[]): void;
}

/** What was read is kept until something changes. */
const LIMITS = { count: 20_000, bytes: 8 * 1024 * 1024 };
const ROW_BYTES = 400;

/** The records of issued tokens, an allow-list: what is not in it is not valid; and the keys. Throws ERR_STATE_UNUSABLE. */
export function openStore(stateDir: string): Store {
  using opening = new DisposableStack();
  const database = opening.use(openDatabase(stateDir, STORE));
  const { use, change } = database;
  const statements = use(() => prepare(database.connection));
  const tokens = openCache<ServiceAccountToken | null>(LIMITS);
  const ids = openCache<boolean>(LIMITS);
  let cachedVersion = database.version();

  const readKeys = () => statements.listKeys.all() as unknown as StoredKey[];
  const forgetIfChanged = (): void => {
    const version = database.version();
    if (version === cachedVersion) return;
    tokens.clear();
    ids.clear();
    cachedVersion = version;
  };

  const held = opening.move();
  return {
    version: () => database.version(),
    findToken(jti) {
      forgetIfChanged();
      const known = tokens.get(jti);
      if (known !== undefined) return known;
      const row = use(() => statements.findToken.get(jti));
      const token = row === undefined ? null : readToken(row);
      tokens.set(jti, token, ROW_BYTES + jti.length);
      return token;
    },
    knowsServiceAccount(id) {
      forgetIfChanged();
      const known = ids.get(id);
      if (known !== undefined) return known;
      const isKnown = use(() => statements.findId.get(id) !== undefined);
      ids.set(id, isKnown, ROW_BYTES + id.length);
      return isKnown;
    },
    listTokens: () => use(() => statements.listTokens.all().map(readToken)),
    addToken(token) {
      const [serves, carries] = [JSON.stringify(token.serves), JSON.stringify(token.carries)];
      change(() => statements.addToken.run({ ...token, serves, carries }));
    },
    revokeTokens({ id = null, jti = null }, now) {
      if (id === null && jti === null) throw new TypeError('revokeTokens needs an id or a jti');
      return change(() => Number(statements.revokeTokens.run({ id, jti, now }).changes));
    },
    listKeys: () => use(readKeys),
    changeKeys(edit) {
      change(() => {
        const keys = edit(readKeys());
        statements.removeKeys.run();
        for (const key of keys) statements.addKey.run({ ...key });
      });
    },
    [Symbol.dispose]: () => held.dispose(),
  };
}

function prepare(connection: DatabaseSync) {
  return {
    findToken: connection.prepare('SELECT * FROM service_account_tokens WHERE jti = ?'),
    findId: connection.prepare('SELECT 1 FROM service_account_tokens WHERE id = ? LIMIT 1'),
    listTokens: connection.prepare('SELECT * FROM service_account_tokens ORDER BY id, created_at, jti'),
    addToken: connection.prepare(
      `INSERT INTO service_account_tokens (jti, id, created_at, expires_at, revoked_at, serves, carries)
       VALUES (:jti, :id, :created_at, :expires_at, :revoked_at, :serves, :carries)`,
    ),
    revokeTokens: connection.prepare(
      `UPDATE service_account_tokens SET revoked_at = ifnull(revoked_at, :now)
       WHERE id = ifnull(:id, id) AND jti = ifnull(:jti, jti)`,
    ),
    listKeys: connection.prepare('SELECT * FROM signing_keys ORDER BY created_at, signs_from, kid'),
    removeKeys: connection.prepare('DELETE FROM signing_keys'),
    addKey: connection.prepare(
      `INSERT INTO signing_keys (kid, alg, pem, created_at, signs_from, retired_at, ends_at)
       VALUES (:kid, :alg, :pem, :created_at, :signs_from, :retired_at, :ends_at)`,
    ),
  };
}

/** A row of `service_account_tokens`. */
export function readToken(row: Record<string, SQLOutputValue>): ServiceAccountToken {
  const [serves, carries] = [JSON.parse(String(row['serves'])), JSON.parse(String(row['carries']))];
  return { ...row, serves, carries } as unknown as ServiceAccountToken;
}
