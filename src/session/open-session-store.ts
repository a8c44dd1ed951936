import { hash } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { getHeapStatistics } from 'node:v8';
import { deriveKey } from '../identity/derive-key.ts';
import { stateUnusable } from '../identity/identity-errors.ts';
import type { Database } from '../identity/open-database.ts';
import { sealBytes, unsealBytes } from '../identity/seal-bytes.ts';
import { openCache } from '../open-cache.ts';
import type { NewSession, Notice, ProviderTokens, Session, SessionLine, SessionSelection } from './session.ts';

/** A session as its row has it, whether it lives or not. Times in seconds since 1970. */
export interface SessionRecord {
  readonly session: Session;
  /** Whose sessions it is one of. */
  readonly realm: string;
  /** When its tokens end; null without tokens. */
  readonly tokensEnd: number | null;
  readonly endedAt: number | null;
  /** From when on its tokens are to be refreshed; null for never. */
  readonly refreshAt: number | null;
  /** The number of its last change. */
  readonly change: number;
}

export type NewRecord = Pick<SessionRecord, 'session' | 'realm' | 'refreshAt'>;

/** What a refresh changes. */
export interface Renewal extends NewSession {
  readonly endsAt: number;
  readonly refreshAt: number | null;
}

/** What other processes change is seen within 100 ms, but by `claim` and by all that writes at once. */
export interface SessionStore {
  findByLocator(locator: string): SessionRecord | null;
  find(sid: string): SessionRecord | null;
  add(record: NewRecord, locator: string, now: number): void;
  /**
   * Makes the caller the only one to refresh a session, until `until` or the next change, and gives its newest record;
   * `taken` while somebody else is at it, or writes something else, `settled` where nothing is due.
   */
  claim(sid: string, now: number, until: number): SessionRecord | 'taken' | 'settled';
  /** These three do nothing where the session has changed since the record was read: what was found out of it is old. */
  renew(record: SessionRecord, renewal: Renewal): void;
  postpone(record: SessionRecord, refreshAt: number): void;
  endUnchanged(record: SessionRecord, now: number): void;
  /** Returns the sids of those that lived. */
  end(selection: SessionSelection, now: number): readonly string[];
  /** The same with the notice taken, both or neither; null where it is taken already. */
  endOnce(selection: SessionSelection, notice: Notice, now: number): readonly string[] | null;
  list(now: number): readonly SessionLine[];
}

/** How long ended sessions stay in the list. No assertion needs them: a sid that has no row is as dead as an ended one. */
const KEPT_SECONDS = 7 * 86_400;
/** How many old rows each new one takes away: they never become many, and none has to wait for it. */
const SWEPT = 8;
/** As many as a provider may send within an hour, whose people all sign out; of more those that end first are forgotten. */
const MAX_NOTICES = 100_000;

/** A quarter of what the process may have: with 4 GB there is room for 100,000 people of some dozen groups and claims. */
const LIMITS = { count: 300_000, bytes: getHeapStatistics().heap_size_limit / 4 };
const RECORD_BYTES = 600;
const LOCATOR_BYTES = 200;

/** The rows of sessions, cached. Every method throws ERR_STATE_UNUSABLE. */
export function openSessionStore(database: Database, sharedSecret: Uint8Array): SessionStore {
  const key = deriveKey(sharedSecret, 'sessionTokens');
  const statements = database.use(() => {
    database.connection.exec('PRAGMA synchronous = NORMAL');
    return prepare(database.connection);
  });
  const records = openCache<SessionRecord>(LIMITS);
  /** A locator is of one session for ever, so nothing here grows old. */
  const sids = openCache<string>(LIMITS);

  let seenVersion = database.version();
  const readLastChange = (): number => database.use(() => Number(statements.lastChange.get()?.['last']));
  let seenChange = readLastChange();
  /** Forgets what has changed, by whomever. */
  const look = (): void => {
    const version = database.version();
    if (version === seenVersion) return;
    const last = readLastChange();
    // A copy from before was put back: what changes from now on has numbers that were seen.
    if (last < seenChange) records.clear();
    else for (const { sid } of database.use(() => statements.changed.all(seenChange))) records.delete(String(sid));
    seenChange = last;
    seenVersion = version;
  };

  const write = <T>(action: () => T): T =>
    database.change(() => {
      statements.countChange.run();
      return action();
    });

  /** Waits for the disk, which nothing else here does: what a power cut takes back of all that costs a sign-in at most. */
  const writeForGood = <T>(action: () => T): T =>
    database.use(() => {
      database.connection.exec('PRAGMA synchronous = FULL');
      try {
        return write(action);
      } finally {
        database.connection.exec('PRAGMA synchronous = NORMAL');
      }
    });

  const keep = (row: Row | undefined): SessionRecord | null => {
    if (row === undefined) return null;
    const record = readRecord(row);
    // A text of JSON takes some times its length as objects.
    const bytes = RECORD_BYTES + 2 * String(row['person']).length + ((row['tokens'] as Uint8Array | null)?.length ?? 0);
    records.set(record.session.sid, record, bytes);
    return record;
  };

  const openTokens = (sealed: Uint8Array, sid: string): ProviderTokens => {
    const tokens = unsealBytes(key, sealed, sid);
    if (tokens === null) throw stateUnusable(`the tokens of ${sid} cannot be opened: run behalf session revoke ${sid}`);
    return JSON.parse(tokens);
  };

  const readRecord = (row: Row): SessionRecord => {
    const { endedAt, ...session } = readLine(row);
    const sealed = row['tokens'] as Uint8Array | null;
    let opened: ProviderTokens | null = null;
    return {
      session: {
        ...session,
        // Few requests need them, and to open them takes longer than all else.
        get tokens() {
          opened ??= sealed && openTokens(sealed, session.sid);
          return opened;
        },
      },
      realm: String(row['realm']),
      tokensEnd: row['tokens_end'] as number | null,
      endedAt,
      refreshAt: row['refresh_at'] as number | null,
      change: Number(row['change']),
    };
  };

  const writeContent = (sid: string, { person, providerSid, tokens }: NewSession) => ({
    sid,
    person: JSON.stringify(person),
    email: person.email.toLowerCase(),
    providerSid,
    tokens: tokens && sealBytes(key, JSON.stringify(tokens), sid),
    tokensEnd: tokens?.expiresAt ?? null,
  });

  const end = (selection: SessionSelection, now: number): readonly string[] =>
    statements.end.all({ ...readSelection(selection), now }).map(({ sid }) => String(sid));

  const find = (sid: string): SessionRecord | null => {
    look();
    return records.get(sid) ?? database.use(() => keep(statements.find.get(sid)));
  };

  return {
    find,
    findByLocator(locator) {
      const locatorHash = hash('sha256', locator, 'base64url');
      const sid = sids.get(locatorHash);
      if (sid !== undefined) return find(sid);
      look();
      const record = database.use(() => keep(statements.findByLocator.get(locatorHash)));
      if (record !== null) sids.set(locatorHash, record.session.sid, LOCATOR_BYTES);
      return record;
    },
    add({ session, realm, refreshAt }, locator, now) {
      const { sid, createdAt, endsAt } = session;
      write(() => {
        statements.sweepOver.run(now);
        statements.sweepEnded.run(now - KEPT_SECONDS);
        statements.add.run({
          ...writeContent(sid, session),
          personId: session.person.id,
          locatorHash: hash('sha256', locator, 'base64url'),
          realm,
          createdAt,
          endsAt,
          refreshAt,
        });
      });
    },
    claim: (sid, now, until) =>
      database.tryChange(() => {
        const row = statements.find.get(sid);
        if (row === undefined) return 'settled';
        const record = readRecord(row);
        if (!isDue(record, now)) return 'settled';
        if (Number(row['claimed_until']) > now) return 'taken';
        statements.claim.run({ sid, until });
        return record;
      }) ?? 'taken',
    renew({ session: { sid }, change }, { endsAt, refreshAt, ...content }) {
      write(() => statements.renew.run({ ...writeContent(sid, content), change, endsAt, refreshAt }));
    },
    postpone({ session: { sid }, change }, refreshAt) {
      write(() => statements.postpone.run({ sid, change, refreshAt }));
    },
    endUnchanged({ session: { sid }, change }, now) {
      write(() => statements.endUnchanged.run({ sid, change, now }));
    },
    end: (selection, now) => writeForGood(() => end(selection, now)),
    endOnce: (selection, { id, endsAt }, now) =>
      writeForGood(() => {
        statements.sweepNotices.run(now);
        const isFirst = statements.takeNotice.run({ hash: hash('sha256', id), endsAt, now }).changes === 1;
        statements.boundNotices.run();
        return isFirst ? end(selection, now) : null;
      }),
    list: (now) => database.use(() => statements.list.all(now).map(readLine)),
  };
}

/** Whether a session lives whose tokens are to be refreshed. */
export function isDue({ session, endedAt, refreshAt }: SessionRecord, now: number): boolean {
  return endedAt === null && session.endsAt > now && refreshAt !== null && refreshAt <= now;
}

type Row = Record<string, SQLOutputValue>;

function readLine(row: Row): SessionLine {
  return {
    sid: String(row['sid']),
    person: JSON.parse(String(row['person'])),
    providerSid: row['provider_sid'] as string | null,
    createdAt: Number(row['created_at']),
    endsAt: Number(row['ends_at']),
    endedAt: row['ended_at'] as number | null,
  };
}

const NOBODY = { sid: null, personId: null, providerSid: null, email: null } as const;

function readSelection(selection: SessionSelection) {
  if (!('user' in selection)) return { ...NOBODY, ...selection };
  const { user } = selection;
  return { ...NOBODY, personId: user, email: user.includes('@') ? user.toLowerCase() : null };
}

/** What an ended session keeps: who it was, for the list. */
const END = `tokens = NULL, tokens_end = NULL, refresh_at = NULL, claimed_until = NULL, change = (SELECT last FROM changes),
  person = json_set(person, '$.groups', json('[]'), '$.claims', json('{}'))`;
const UNCHANGED = 'sid = :sid AND change = :change AND ended_at IS NULL';

function prepare(connection: DatabaseSync) {
  return {
    lastChange: connection.prepare('SELECT last FROM changes'),
    countChange: connection.prepare('UPDATE changes SET last = last + 1'),
    changed: connection.prepare('SELECT sid FROM sessions WHERE change > ?'),
    find: connection.prepare('SELECT * FROM sessions WHERE sid = ?'),
    findByLocator: connection.prepare('SELECT * FROM sessions WHERE locator_hash = ?'),
    add: connection.prepare(
      `INSERT INTO sessions
         (sid, locator_hash, realm, person_id, email, provider_sid, person, tokens, tokens_end, created_at, ends_at,
          refresh_at, change)
       VALUES (:sid, :locatorHash, :realm, :personId, :email, :providerSid, :person, :tokens, :tokensEnd, :createdAt,
         :endsAt, :refreshAt, (SELECT last FROM changes))`,
    ),
    claim: connection.prepare('UPDATE sessions SET claimed_until = :until WHERE sid = :sid'),
    renew: connection.prepare(
      `UPDATE sessions SET person = :person, email = :email, provider_sid = :providerSid, tokens = :tokens,
         tokens_end = :tokensEnd, ends_at = :endsAt, refresh_at = :refreshAt, claimed_until = NULL, change = (SELECT last FROM changes)
       WHERE ${UNCHANGED}`,
    ),
    postpone: connection.prepare(
      `UPDATE sessions SET refresh_at = :refreshAt, claimed_until = NULL, change = (SELECT last FROM changes)
       WHERE ${UNCHANGED}`,
    ),
    endUnchanged: connection.prepare(`UPDATE sessions SET ended_at = :now, ${END} WHERE ${UNCHANGED}`),
    end: connection.prepare(
      `UPDATE sessions SET ended_at = :now, ${END}
       WHERE ended_at IS NULL AND ends_at > :now
         AND (sid = :sid OR person_id = :personId OR provider_sid = :providerSid OR email = :email)
       RETURNING sid`,
    ),
    sweepNotices: connection.prepare(
      `DELETE FROM notices WHERE hash IN (SELECT hash FROM notices WHERE ends_at <= ? LIMIT ${SWEPT})`,
    ),
    takeNotice: connection.prepare(
      `INSERT INTO notices VALUES (:hash, :endsAt)
       ON CONFLICT (hash) DO UPDATE SET ends_at = excluded.ends_at WHERE ends_at <= :now`,
    ),
    boundNotices: connection.prepare(
      `DELETE FROM notices WHERE hash IN
         (SELECT hash FROM notices ORDER BY ends_at LIMIT max(0, (SELECT count(*) FROM notices) - ${MAX_NOTICES}))`,
    ),
    sweepOver: connection.prepare(
      `UPDATE sessions SET ended_at = ends_at, ${END}
       WHERE sid IN (SELECT sid FROM sessions WHERE ended_at IS NULL AND ends_at <= ? LIMIT ${SWEPT})`,
    ),
    sweepEnded: connection.prepare(
      `DELETE FROM sessions WHERE sid IN (SELECT sid FROM sessions WHERE ended_at <= ? LIMIT ${SWEPT})`,
    ),
    list: connection.prepare(
      `SELECT sid, person, provider_sid, created_at, ends_at, ifnull(ended_at, iif(ends_at <= ?, ends_at, NULL)) AS ended_at
       FROM sessions ORDER BY created_at, sid`,
    ),
  };
}
