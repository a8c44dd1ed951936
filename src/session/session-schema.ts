import type { DatabaseKind } from '../identity/open-database.ts';

/**
 * Sessions, live and ended. Times are seconds since 1970. `locator_hash` is the SHA-256 of what the cookie holds; `realm`
 * stands for the issuer and the secret that were in use; `person` is JSON; `tokens` are sealed, and end at `tokens_end`.
 * `refresh_at` says from when on tokens are due, null for never; until `claimed_until` somebody is at it. Each write of a
 * row, but of its claim, gives it the next number of `changes`: who has seen the rows up to a number finds by it what they
 * have not seen yet. `notices` are those of the provider that were heard, each until it counts no more anyway.
 */
const STEPS = [
  `CREATE TABLE sessions (
     sid TEXT PRIMARY KEY,
     locator_hash TEXT NOT NULL UNIQUE,
     realm TEXT NOT NULL,
     person_id TEXT NOT NULL,
     email TEXT NOT NULL,
     provider_sid TEXT,
     person TEXT NOT NULL,
     tokens BLOB,
     tokens_end REAL,
     created_at INTEGER NOT NULL,
     ends_at INTEGER NOT NULL,
     ended_at INTEGER,
     refresh_at INTEGER,
     claimed_until INTEGER,
     change INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX sessions_by_person ON sessions (person_id);
   CREATE INDEX sessions_by_email ON sessions (email);
   CREATE INDEX sessions_by_provider_sid ON sessions (provider_sid);
   CREATE INDEX sessions_by_change ON sessions (change);
   CREATE INDEX sessions_by_end ON sessions (ends_at) WHERE ended_at IS NULL;
   CREATE INDEX ended_sessions ON sessions (ended_at) WHERE ended_at IS NOT NULL;
   CREATE TABLE changes (last INTEGER NOT NULL) STRICT;
   INSERT INTO changes VALUES (0);
   CREATE TABLE tickets (hash TEXT PRIMARY KEY, ends_at REAL NOT NULL) STRICT, WITHOUT ROWID;
   CREATE INDEX tickets_by_end ON tickets (ends_at);`,
  `CREATE TABLE notices (hash TEXT PRIMARY KEY, ends_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE INDEX notices_by_end ON notices (ends_at);`,
];

/** A file of its own, not looked through at each change: with 100,000 sessions it has hundreds of megabytes. */
export const SESSIONS: DatabaseKind = { file: 'sessions.sqlite', steps: STEPS, isCheckedWhole: false };
