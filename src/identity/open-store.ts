import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from './open-database.ts';

/** What the store knows of one token of a service account: never the token. Times in seconds since 1970. */
export interface ServiceAccountToken {
  readonly id: string;
  readonly jti: string;
  readonly created_at: number;
  /** Null: without end. */
  readonly expires_at: number | null;
  /** Null: not revoked. */
  readonly revoked_at: number | null;
}

/** Which tokens: those of an id, or the one of a `jti`, or the one if it is also of that id. */
export type TokenSelection =
  | { readonly id: string; readonly jti?: string }
  | { readonly id?: string; readonly jti: string };

/** Every method throws ERR_STATE_UNUSABLE where the store cannot be read: that is never taken for "not revoked". */
export interface Store extends Disposable {
  findToken(jti: string): ServiceAccountToken | undefined;
  /** Whether a service account has, or had, this id. */
  knowsServiceAccount(id: string): boolean;
  listTokens(): ServiceAccountToken[];
  addToken(token: ServiceAccountToken): void;
  /** Returns how many tokens were selected, those revoked before included. */
  revokeTokens(selection: TokenSelection, now: number): number;
}

/** The records of issued tokens: an allow-list, so what is not in it is not valid. Throws ERR_STATE_UNUSABLE. */
export function openStore(stateDir: string): Store {
  const database = openDatabase(stateDir);
  const { use } = database;
  const { find, findId, list, add, revoke } = use(() => prepare(database.connection));
  return {
    findToken: (jti) => use(() => find.get(jti) as unknown as ServiceAccountToken | undefined),
    knowsServiceAccount: (id) => use(() => findId.get(id) !== undefined),
    listTokens: () => use(() => list.all() as unknown as ServiceAccountToken[]),
    addToken: (token) => use(() => void add.run({ ...token })),
    revokeTokens({ id = null, jti = null }, now) {
      if (id === null && jti === null) throw new TypeError('revokeTokens needs an id or a jti');
      return use(() => Number(revoke.run({ id, jti, now }).changes));
    },
    [Symbol.dispose]: () => database[Symbol.dispose](),
  };
}

function prepare(connection: DatabaseSync) {
  return {
    find: connection.prepare('SELECT * FROM service_account_tokens WHERE jti = ?'),
    findId: connection.prepare('SELECT 1 FROM service_account_tokens WHERE id = ? LIMIT 1'),
    list: connection.prepare('SELECT * FROM service_account_tokens ORDER BY id, created_at, jti'),
    add: connection.prepare(
      'INSERT INTO service_account_tokens VALUES (:jti, :id, :created_at, :expires_at, :revoked_at)',
    ),
    revoke: connection.prepare(
      `UPDATE service_account_tokens SET revoked_at = ifnull(revoked_at, :now)
       WHERE id = ifnull(:id, id) AND jti = ifnull(:jti, jti)`,
    ),
  };
}
