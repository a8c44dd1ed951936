import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { guardState } from './guard-state.ts';
import { SCHEMA_VERSION } from './open-database.ts';
import type { ServiceAccountToken } from './open-store.ts';

/** Names of the routes for which a token was made; without any it may present any assertion. */
export interface LiveToken extends Pick<ServiceAccountToken, 'id'> {
  readonly routes: readonly string[];
}

/**
 * The tokens of service accounts that count, by ID. Only reads; none where there is no store yet, or one of another
 * version. Throws ERR_STATE_UNUSABLE.
 */
export function listLiveTokens(stateDir: string): readonly LiveToken[] {
  const path = join(stateDir, 'store.sqlite');
  return guardState(path, () => {
    if (!existsSync(path)) return [];
    using connection = new DatabaseSync(path, { readOnly: true });
    if (connection.prepare('PRAGMA user_version').get()?.['user_version'] !== SCHEMA_VERSION) return [];
    const rows = connection
      .prepare(
        `SELECT id, serves, carries FROM service_account_tokens
         WHERE revoked_at IS NULL AND ifnull(expires_at, :now) >= :now ORDER BY id, created_at, jti`,
      )
      .all({ now: Math.floor(Date.now() / 1000) });
    return rows.map(({ id, serves, carries }) => ({
      id: String(id),
      routes: [serves, carries].flatMap((names) => JSON.parse(String(names)) as string[]),
    }));
  });
}
