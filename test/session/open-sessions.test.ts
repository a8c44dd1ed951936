import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { NewSession, Sessions } from '../../src/session/session.ts';
import { beSeen } from '../identity/support/make-identity.ts';
import { makeScene, newSession, PERSON, SETTINGS, START, tokensOf } from './support/make-sessions.ts';

const DAY = 86_400;

/** As `sqlite3 FILE ".backup COPY"` and `".restore COPY"` do, over what is there. */
async function copyDatabase(from: string, to: string): Promise<void> {
  using source = new DatabaseSync(from, { readOnly: true });
  await backup(source, to);
}

describe('a session', () => {
  test('is found by its locator and its sid, whole', async () => {
    using scene = makeScene();
    const sessions = scene.open();
    const content = newSession(tokensOf(START + 3600));
    const { session, locator } = sessions.create(content);
    expect(session).toEqual({
      ...content,
      sid: expect.stringMatching(/^session-[A-Za-z0-9_-]{22}$/),
      createdAt: START,
      endsAt: START + SETTINGS.lifetimeSeconds,
    });
    expect(locator).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(session.sid).not.toContain(locator.slice(0, 8));
    expect(await sessions.find(locator)).toEqual(session);
    expect(await sessions.find(locator)).toEqual(session);
    expect(await sessions.findBySid(session.sid)).toEqual(session);
    expect(sessions.isLive(session.sid)).toBe(true);
    expect(await scene.open().find(locator)).toEqual(session);
  });

  test('is another each time, though the person is the same', () => {
    using scene = makeScene();
    const sessions = scene.open();
    const made = Array.from({ length: 20 }, () => sessions.create(newSession()));
    expect(new Set(made.flatMap(({ session, locator }) => [session.sid, locator])).size).toBe(40);
  });

  const STRANGE: Record<string, Partial<NewSession['person']>> = {
    'no email and no groups': { email: '', name: '', groups: [] },
    'quotes and SQL': { id: `'; DROP TABLE sessions; --`, name: `"\\' %_` },
    'controls and no text at all': { name: '\u0000\n\u202e', claims: { a: [null, 1.5, true, '\u0000'] } },
    'a megabyte': { groups: Array.from({ length: 10_000 }, (_, at) => `group-${at}-${'x'.repeat(90)}`) },
  };
  test.each(Object.entries(STRANGE))('keeps a person with %s', async (_, strange) => {
    using scene = makeScene();
    const { session, locator } = scene.open().create(newSession(null, { ...PERSON, ...strange }));
    expect(await scene.open().find(locator)).toEqual(session);
  });

  const ENDS: Record<string, [content: NewSession, seconds: number]> = {
    'cookie_expire after it began': [newSession(), SETTINGS.lifetimeSeconds],
    'so too where its tokens can be refreshed': [newSession(tokensOf(START + 60)), SETTINGS.lifetimeSeconds],
    'with tokens that cannot be refreshed': [newSession(tokensOf(START + 60, null)), 60],
    'but no later for tokens that last longer': [
      newSession(tokensOf(START + 30 * DAY, null)),
      SETTINGS.lifetimeSeconds,
    ],
  };
  test.each(Object.entries(ENDS))('ends %s', async (_, [content, seconds]) => {
    using scene = makeScene();
    const settings = { ...SETTINGS, outageGraceSeconds: 365 * DAY };
    const sessions = scene.open({ settings });
    const { session, locator } = sessions.create(content);
    expect(session.endsAt).toBe(START + seconds);
    scene.clock.now = session.endsAt - 0.5;
    expect([await sessions.find(locator), sessions.isLive(session.sid)]).toEqual([session, true]);
    scene.clock.now = session.endsAt;
    expect([await sessions.find(locator), await sessions.findBySid(session.sid)]).toEqual([null, null]);
    expect([sessions.isLive(session.sid), sessions.end({ sid: session.sid })]).toEqual([false, []]);
    expect(sessions.list()).toMatchObject([{ sid: session.sid, endedAt: session.endsAt }]);
  });

  test('is nobody to whom the provider is another, and is there again for its own', async () => {
    using scene = makeScene();
    const { session, locator } = scene.open().create(newSession());
    const others = ['https://elsewhere.example.com', null].map((issuer) => scene.open({ issuer }));
    for (const other of others) {
      expect([await other.find(locator), other.isLive(session.sid)]).toEqual([null, false]);
    }
    expect(await scene.open().find(locator)).toEqual(session);
  });

  test('is over where the secret is another', async () => {
    using scene = makeScene();
    const { session, locator } = scene.open().create(newSession(tokensOf(START + 3600)));
    const other = scene.open({ sharedSecret: new Uint8Array(32).fill(8) });
    expect([await other.find(locator), other.isLive(session.sid)]).toEqual([null, false]);
    expect(other.list()).toHaveLength(1);
  });

  test("has tokens that are no other session's: a sealed text is good in its own row alone", async () => {
    using scene = makeScene();
    const sessions = scene.open();
    const [mine, yours] = [tokensOf(START + 3600), tokensOf(START + 3600)].map((tokens) =>
      sessions.create(newSession(tokens)),
    );
    using raw = new DatabaseSync(`${scene.stateDir}/sessions.sqlite`);
    raw
      .prepare('UPDATE sessions SET tokens = (SELECT tokens FROM sessions WHERE sid = ?)')
      .run(yours?.session.sid ?? '');
    const fresh = scene.open();
    expect(await fresh.find(yours?.locator ?? '')).toEqual(yours?.session);
    const found = await fresh.find(mine?.locator ?? '');
    const message = `the tokens of ${mine?.session.sid} cannot be opened: run behalf session revoke ${mine?.session.sid}`;
    expect(() => found?.tokens).toThrow(expect.objectContaining({ code: 'ERR_STATE_UNUSABLE', message }));
  });

  test('leaves no locator, ticket or token on the disk', () => {
    using scene = makeScene();
    const sessions = scene.open();
    const { locator } = sessions.create(newSession(tokensOf(START + 3600)));
    const ticket = sessions.addTicket(60);
    const files = readdirSync(scene.stateDir).filter((name) => name.startsWith('sessions.sqlite'));
    expect(files).toContain('sessions.sqlite-wal');
    const bytes = files.map((name) => readFileSync(`${scene.stateDir}/${name}`, 'latin1')).join('');
    expect(bytes).toContain('Alice@companydomain.com');
    const secrets = [
      locator,
      Buffer.from(locator, 'base64url').toString('latin1'),
      ticket,
      'id-token-1',
      'access-token-1',
      'refresh-1',
    ];
    expect(secrets.filter((secret) => bytes.includes(secret))).toEqual([]);
  });
});

describe('isLive', () => {
  const SIDS: Record<string, [sid: string, boolean | null]> = {
    'a session that nobody knows': ['session-AAAAAAAAAAAAAAAAAAAAAA', false],
    'too short for one': ['session-AAAAAAAAAAAAAAAAAAAAA', null],
    'too long for one': ['session-AAAAAAAAAAAAAAAAAAAAAAA', null],
    'one in other letters': ['SESSION-AAAAAAAAAAAAAAAAAAAAAA', null],
    'a jti': ['0b1e6f3c-5a0c-4a1e-9f1e-2f2e4c9d1d11', null],
    nothing: ['', null],
  };
  test.each(Object.entries(SIDS))('judges %s', (_, [sid, expected]) => {
    using scene = makeScene();
    expect(scene.open().isLive(sid)).toBe(expected);
  });
});

describe('end', () => {
  const person = (id: string, email: string) => newSession(null, { ...PERSON, id, email });
  const create = (sessions: Sessions) => ({
    alice: sessions.create(newSession()),
    alice2: sessions.create({ ...newSession(), providerSid: 'provider-sid-2' }),
    bob: sessions.create(person('u-2', 'bob@companydomain.com')),
    odd: sessions.create(person('alice@companydomain.com', '')),
    none: sessions.create(person('', '')),
  });
  type Name = keyof ReturnType<typeof create>;

  const SELECTIONS: Record<
    string,
    [selection: (sid: (name: Name) => string) => Parameters<Sessions['end']>[0], ended: Name[]]
  > = {
    'a sid': [(sid) => ({ sid: sid('alice') }), ['alice']],
    'a user by id': [() => ({ user: 'u-1' }), ['alice', 'alice2']],
    'a user by email, in any case, and by an id that looks like one': [
      () => ({ user: 'alice@companydomain.com' }),
      ['alice', 'alice2', 'odd'],
    ],
    'a user by an email that nobody has': [() => ({ user: 'eve@companydomain.com' }), []],
    'a user without a name': [() => ({ user: '' }), ['none']],
    'a person': [() => ({ personId: 'u-2' }), ['bob']],
    'a person: never by email': [() => ({ personId: 'bob@companydomain.com' }), []],
    "a provider's sid": [() => ({ providerSid: 'provider-sid-2' }), ['alice2']],
    'a pattern, which is none': [() => ({ user: '%' }), []],
  };
  test.each(Object.entries(SELECTIONS))('by %s', async (_, [select, ended]) => {
    using scene = makeScene();
    const sessions = scene.open();
    const made = create(sessions);
    const selection = select((name) => made[name].session.sid);
    expect([...sessions.end(selection)].sort()).toEqual(ended.map((name) => made[name].session.sid).sort());
    const names = Object.keys(made) as Name[];
    const found = await Promise.all(names.map((name) => sessions.find(made[name].locator)));
    expect(names.filter((_name, at) => found[at] === null)).toEqual(ended);
    expect(sessions.end(selection)).toEqual([]);
  });

  test('is seen by other configurations and processes, and costs them no other session', async () => {
    using scene = makeScene();
    const [one, other] = [scene.open(), scene.open()];
    const [first, second] = [one.create(newSession()), one.create(newSession())];
    await beSeen();
    const known = await other.find(second.locator);
    expect(await other.find(first.locator)).toEqual(first.session);
    expect(one.end({ sid: first.session.sid })).toEqual([first.session.sid]);
    await beSeen();
    expect(await other.find(first.locator)).toBeNull();
    expect(other.isLive(first.session.sid)).toBe(false);
    // The very object of before: it was not read again.
    expect(await other.find(second.locator)).toBe(known);
  });

  test('is seen where an older copy of the store was put back meanwhile', async () => {
    using scene = makeScene();
    const [one, other] = [scene.open(), scene.open()];
    const { session, locator } = one.create(newSession());
    const [file, copy] = [`${scene.stateDir}/sessions.sqlite`, `${scene.stateDir}/copy.sqlite`];
    await copyDatabase(file, copy);
    for (let at = 0; at < 5; at += 1) one.create(newSession());
    await copyDatabase(copy, file);
    await beSeen();
    expect(await one.find(locator)).toEqual(session);
    expect(other.end({ sid: session.sid })).toEqual([session.sid]);
    await beSeen();
    expect(await one.find(locator)).toBeNull();
  });

  test('keeps who it was, and no more', () => {
    using scene = makeScene();
    const sessions = scene.open();
    const { session } = sessions.create(newSession(tokensOf(START + 3600)));
    scene.clock.now += 10.7;
    sessions.end({ sid: session.sid });
    const { tokens: _, ...line } = session;
    const kept = { ...PERSON, groups: [], claims: {} };
    expect(sessions.list()).toEqual([{ ...line, person: kept, endedAt: START + 10 }]);
    using raw = new DatabaseSync(`${scene.stateDir}/sessions.sqlite`);
    expect(raw.prepare('SELECT tokens FROM sessions').get()).toEqual({ tokens: null });
  });
});

describe('list', () => {
  test('shows all that live and those that ended of late, in their order, without tokens', () => {
    using scene = makeScene();
    const sessions = scene.open();
    const { session: first } = sessions.create(newSession(tokensOf(START + 60, null)));
    scene.clock.now += 30;
    const { session: second } = sessions.create(newSession());
    scene.clock.now += 31;
    expect(sessions.list()).toEqual([
      { ...lineOf(first), endedAt: START + 60 },
      { ...lineOf(second), endedAt: null },
    ]);
  });

  test('forgets those that ended long ago, as others come', () => {
    using scene = makeScene();
    const sessions = scene.open();
    const old = Array.from({ length: 20 }, () => sessions.create(newSession()).session.sid);
    const lives = () => sessions.list().filter(({ sid }) => old.includes(sid)).length;
    scene.clock.now += SETTINGS.lifetimeSeconds + 7 * DAY - 1;
    for (let at = 0; at < 5; at += 1) sessions.create(newSession());
    expect(lives()).toBe(20);
    scene.clock.now += 1;
    sessions.create(newSession());
    expect(lives()).toBe(12);
    for (let at = 0; at < 2; at += 1) sessions.create(newSession());
    expect(lives()).toBe(0);
    expect(sessions.list().filter(({ endedAt }) => endedAt === null)).toHaveLength(8);
  });

  function lineOf({ tokens: _, ...line }: ReturnType<Sessions['create']>['session']) {
    return line;
  }
});

describe('a ticket', () => {
  test('is taken once, wherever it was made', () => {
    using scene = makeScene();
    const [one, other] = [scene.open(), scene.open()];
    const ticket = one.addTicket(60);
    expect([other.takeTicket(ticket), one.takeTicket(ticket), other.takeTicket(ticket)]).toEqual([true, false, false]);
  });

  test('ends with its time', () => {
    using scene = makeScene();
    const sessions = scene.open();
    const [early, late] = [sessions.addTicket(60), sessions.addTicket(60)];
    scene.clock.now += 59.5;
    expect(sessions.takeTicket(early)).toBe(true);
    scene.clock.now += 0.5;
    expect(sessions.takeTicket(late)).toBe(false);
  });

  test('is none where nobody gave it', () => {
    using scene = makeScene();
    const sessions = scene.open();
    const ticket = sessions.addTicket(60);
    expect(['', 'A', `${ticket} `, ticket.toLowerCase(), '%'].map(sessions.takeTicket)).toEqual(Array(5).fill(false));
    expect(sessions.takeTicket(ticket)).toBe(true);
  });

  test('leaves nothing behind that others do not take away', () => {
    using scene = makeScene();
    const sessions = scene.open();
    for (let at = 0; at < 20; at += 1) sessions.addTicket(60);
    scene.clock.now += 60;
    for (let at = 0; at < 3; at += 1) sessions.addTicket(60);
    using raw = new DatabaseSync(`${scene.stateDir}/sessions.sqlite`);
    expect(raw.prepare('SELECT count(*) AS count FROM tickets').get()).toEqual({ count: 3 });
  });
});

describe('a notice', () => {
  const LOGOUT = { providerSid: 'provider-sid-1' };
  const notice = (id = 'jti-1') => ({ id, endsAt: START + 60 });

  test('is heard once, by whichever process or configuration, also after a reload', async () => {
    using scene = makeScene();
    const [one, other] = [scene.open(), scene.open()];
    const ended = [one, other].map((sessions) => sessions.create(newSession()).session.sid);
    expect([...(one.endOnce(LOGOUT, notice()) ?? [])].sort()).toEqual(ended.sort());
    const { session, locator } = one.create(newSession());
    for (const sessions of [one, other]) expect(sessions.endOnce(LOGOUT, notice())).toBeNull();
    for (const sessions of [one, other]) sessions[Symbol.dispose]();
    const reloaded = scene.open();
    expect(reloaded.endOnce(LOGOUT, notice())).toBeNull();
    expect(await reloaded.find(locator)).toEqual(session);
    expect(reloaded.endOnce(LOGOUT, notice('jti-2'))).toEqual([session.sid]);
  });

  test('that ends nobody is heard, too', () => {
    using scene = makeScene();
    const sessions = scene.open();
    expect([sessions.endOnce(LOGOUT, notice()), sessions.endOnce(LOGOUT, notice())]).toEqual([[], null]);
  });

  test('of another provider is another', () => {
    using scene = makeScene();
    const [one, other] = [scene.open(), scene.open({ issuer: 'https://elsewhere.example.com' })];
    expect([one, other, one, other].map((each) => each.endOnce(LOGOUT, notice()))).toEqual([[], [], null, null]);
  });

  test('is remembered until its end', () => {
    using scene = makeScene();
    const sessions = scene.open();
    // So many that the sweep does not reach all at once.
    for (let at = 0; at < 20; at += 1) sessions.endOnce(LOGOUT, notice(`jti-${at}`));
    scene.clock.now += 59.5;
    expect(sessions.endOnce(LOGOUT, notice('jti-19'))).toBeNull();
    scene.clock.now += 0.5;
    for (let at = 0; at < 20; at += 1) {
      expect(sessions.endOnce(LOGOUT, { id: `jti-${at}`, endsAt: START + 120 })).toEqual([]);
      expect(sessions.endOnce(LOGOUT, { id: `jti-${at}`, endsAt: START + 120 })).toBeNull();
    }
  });

  test('leaves nothing behind that others do not take away', () => {
    using scene = makeScene();
    const sessions = scene.open();
    for (let at = 0; at < 20; at += 1) sessions.endOnce(LOGOUT, notice(`jti-${at}`));
    scene.clock.now += 60;
    for (let at = 0; at < 3; at += 1) sessions.endOnce(LOGOUT, { id: `new-${at}`, endsAt: START + 120 });
    using raw = new DatabaseSync(`${scene.stateDir}/sessions.sqlite`);
    expect(raw.prepare('SELECT count(*) AS count FROM notices').get()).toEqual({ count: 3 });
  });

  test('is one of a hundred thousand at most: those that end first are forgotten', () => {
    using scene = makeScene();
    const sessions = scene.open();
    using raw = new DatabaseSync(`${scene.stateDir}/sessions.sqlite`);
    raw.exec(`WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
      INSERT INTO notices SELECT n, ${START} + n FROM numbers`);
    expect(sessions.endOnce(LOGOUT, { id: 'jti-1', endsAt: START + 200_000 })).toEqual([]);
    const kept = raw.prepare('SELECT count(*) AS count, min(ends_at) AS first FROM notices').get();
    expect(kept).toEqual({ count: 100_000, first: START + 2 });
    expect(sessions.endOnce(LOGOUT, { id: 'jti-1', endsAt: START + 200_000 })).toBeNull();
  });

  test('is not heard where it could end nothing: the provider says it once more', () => {
    using scene = makeScene();
    const sessions = scene.open();
    const { session } = sessions.create(newSession());
    using raw = new DatabaseSync(`${scene.stateDir}/sessions.sqlite`);
    raw.exec(`CREATE TRIGGER full BEFORE UPDATE ON sessions BEGIN SELECT raise(ABORT, 'full'); END`);
    const unusable = expect.objectContaining({ code: 'ERR_STATE_UNUSABLE' });
    expect(() => sessions.endOnce(LOGOUT, notice())).toThrow(unusable);
    raw.exec('DROP TRIGGER full');
    expect(sessions.endOnce(LOGOUT, notice())).toEqual([session.sid]);
  });

  test('is heard by a store of before there were any, which keeps its sessions', async () => {
    using scene = makeScene();
    const old = scene.open();
    const { session, locator } = old.create(newSession());
    old[Symbol.dispose]();
    (() => {
      using raw = new DatabaseSync(`${scene.stateDir}/sessions.sqlite`);
      raw.exec('DROP TABLE notices; PRAGMA user_version = 1');
    })();
    const [one, other] = [scene.open(), scene.open()];
    expect(await one.find(locator)).toEqual(session);
    expect([one.endOnce(LOGOUT, notice()), other.endOnce(LOGOUT, notice())]).toEqual([[session.sid], null]);
  });
});

describe('a store that cannot be read', () => {
  const unusable = { code: 'ERR_STATE_UNUSABLE', message: expect.stringContaining('sessions.sqlite" cannot be used') };

  test('is never nobody', async () => {
    using scene = makeScene();
    const sessions = scene.open();
    const { session, locator } = sessions.create(newSession());
    truncateSync(`${scene.stateDir}/sessions.sqlite`);
    await beSeen();
    await expect(sessions.find(locator)).rejects.toMatchObject(unusable);
    await expect(sessions.findBySid(session.sid)).rejects.toMatchObject(unusable);
    const calls: Record<string, () => unknown> = {
      isLive: () => sessions.isLive(session.sid),
      create: () => sessions.create(newSession()),
      end: () => sessions.end({ sid: session.sid }),
      endOnce: () => sessions.endOnce({ sid: session.sid }, { id: 'jti', endsAt: START + 60 }),
      list: () => sessions.list(),
      addTicket: () => sessions.addTicket(60),
      takeTicket: () => sessions.takeTicket('x'),
    };
    for (const call of Object.values(calls)) expect(call).toThrow(expect.objectContaining(unusable));
  });

  test('is never half a person', async () => {
    using scene = makeScene();
    const { locator } = scene.open().create(newSession());
    (() => {
      using raw = new DatabaseSync(`${scene.stateDir}/sessions.sqlite`);
      raw.exec(`UPDATE sessions SET person = '{"id":'`);
    })();
    await expect(scene.open().find(locator)).rejects.toMatchObject(unusable);
  });

  test('is not opened where it is of a newer program', () => {
    using scene = makeScene();
    scene.open()[Symbol.dispose]();
    (() => {
      using raw = new DatabaseSync(`${scene.stateDir}/sessions.sqlite`);
      raw.exec('PRAGMA user_version = 3');
    })();
    const message = expect.stringContaining('schema is version 3, not 2');
    expect(() => scene.open()).toThrow(expect.objectContaining({ ...unusable, message }));
  });
});
