import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { guardState } from './guard-state.ts';
import { SCHEMA_VERSION } from './open-database.ts';

/**
 * The IDs of service accounts that may present any assertion: those with a token that counts and was made for no route.
 * Only reads; none where there is no store yet, or one of another version. Throws ERR_STATE_UNUSABLE.
 */
export function findUnboundAccounts(stateDir: string): readonly string[] {
  const path = join(stateDir, 'store.sqlite');
  return guardState(path, () => {
    if (!existsSync(path)) return [];
    using connection = new DatabaseSync(path, { readOnly: true });
    if (connection.prepare('PRAGMA user_version').get()?.['user_version'] !== SCHEMA_VERSION) return [];
    const rows = connection
      .prepare(
        `SELECT DISTINCT id FROM service_account_tokens
         WHERE serves = '[]' AND carries = '[]' AND revoked_at IS NULL AND ifnull(expires_at, :now) >= :now ORDER BY id`,
      )
      .all({ now: Math.floor(Date.now() / 1000) });
    return rows.map((row) => String(row['id']));
  });
}
