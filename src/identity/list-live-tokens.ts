import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { guardState } from './guard-state.ts';
import { readToken, type ServiceAccountToken, STORE } from './open-store.ts';

/**
 * The tokens of service accounts that count, by ID. Only reads; none where there is no store yet, or one of another
 * version. Throws ERR_STATE_UNUSABLE.
 */
export function listLiveTokens(stateDir: string): readonly ServiceAccountToken[] {
  const path = join(stateDir, STORE.file);
  return guardState(path, () => {
    if (!existsSync(path)) return [];
    using connection = new DatabaseSync(path, { readOnly: true });
    if (connection.prepare('PRAGMA user_version').get()?.['user_version'] !== STORE.steps.length) return [];
    const rows = connection
      .prepare(
        `SELECT * FROM service_account_tokens
         WHERE revoked_at IS NULL AND ifnull(expires_at, :now) >= :now ORDER BY id, created_at, jti`,
      )
      .all({ now: Math.floor(Date.now() / 1000) });
    return rows.map(readToken);
  });
}
