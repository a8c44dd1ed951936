import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { SessionSettings } from '../../src/config/config.ts';
import { findTokenLife } from '../../src/session/open-refresher.ts';
import type { ProviderTokens, Sessions } from '../../src/session/session.ts';
import { beSeen } from '../identity/support/make-identity.ts';
import {
  AWAY,
  makeProvider,
  makeScene,
  newSession,
  PERSON,
  REFUSED,
  refreshedTo,
  SETTINGS,
  START,
  tokensOf,
} from './support/make-sessions.ts';

const LIFE = 300;
const DUE = START + LIFE - 60;
const OVER = START + LIFE;
const NEW_TOKENS: ProviderTokens = { ...tokensOf(OVER + LIFE, 'refresh-2'), idToken: 'id-token-2' };
const NEW_PERSON = { ...PERSON, email: 'alice@new.example.com', groups: ['board'] };

/** A session whose tokens last 300 s from START, and a provider that is told what to answer. */
function makeRefreshScene(settings: Partial<SessionSettings> = {}) {
  const scene = makeScene();
  const provider = makeProvider();
  const open = () => scene.open({ openId: provider, settings: { ...SETTINGS, ...settings } });
  const sessions = open();
  const { session, locator } = sessions.create(newSession(tokensOf(OVER)));
  const lives = async (of: Sessions = sessions) => (await of.find(locator)) !== null;
  return { ...scene, provider, open, sessions, session, locator, lives, [Symbol.dispose]: scene[Symbol.dispose] };
}

const settle = () => wait(0);
afterEach(() => void vi.useRealTimers());

describe('a session is refreshed', () => {
  test('from 60 s before its tokens end on, beside the requests, once', async () => {
    using scene = makeRefreshScene();
    const { clock, provider, sessions, locator, session } = scene;
    clock.now = DUE - 1;
    expect(await sessions.find(locator)).toEqual(session);
    expect(provider.asked).toEqual([]);
    clock.now = DUE;
    const found = await Promise.all([sessions.find(locator), sessions.find(locator), sessions.findBySid(session.sid)]);
    expect(found).toEqual([session, session, session]);
    expect(provider.asked).toEqual([session.tokens]);
    provider.answer(refreshedTo(NEW_TOKENS, NEW_PERSON));
    await settle();
    const renewed = { ...session, tokens: NEW_TOKENS, person: NEW_PERSON };
    expect(await sessions.find(locator)).toEqual(renewed);
    expect(await scene.open().find(locator)).toEqual(renewed);
    expect(provider.asked).toHaveLength(1);
    expect(sessions.end({ user: 'ALICE@new.example.com' })).toHaveLength(1);
  });

  test('before it is used, where its tokens have ended: all that wait get the new one', async () => {
    using scene = makeRefreshScene();
    const { clock, provider, sessions, locator, session } = scene;
    clock.now = OVER + 3600;
    const found = Promise.all([sessions.find(locator), sessions.findBySid(session.sid), sessions.find(locator)]);
    expect(provider.asked).toHaveLength(1);
    const tokens = tokensOf(clock.now + LIFE, 'refresh-2');
    provider.answer(refreshedTo(tokens));
    expect((await found).map((one) => one?.tokens)).toEqual([tokens, tokens, tokens]);
  });

  test('once by several processes, with the newest refresh token', async () => {
    using scene = makeRefreshScene();
    const { clock, provider, sessions, locator } = scene;
    const other = scene.open();
    await other.find(locator);
    clock.now = OVER;
    const found = Promise.all([sessions.find(locator), other.find(locator)]);
    provider.answer(refreshedTo(NEW_TOKENS));
    expect((await found).map((one) => one?.tokens)).toEqual([NEW_TOKENS, NEW_TOKENS]);
    clock.now = NEW_TOKENS.expiresAt;
    const again = other.find(locator);
    expect(provider.asked.map(({ refreshToken }) => refreshToken)).toEqual(['refresh-1', 'refresh-2']);
    provider.answer(refreshedTo(tokensOf(clock.now + LIFE, 'refresh-3')));
    expect((await again)?.tokens?.refreshToken).toBe('refresh-3');
  });

  test('no longer, where the new tokens cannot be refreshed', async () => {
    using scene = makeRefreshScene();
    const { clock, provider, sessions, locator } = scene;
    clock.now = OVER;
    const found = sessions.find(locator);
    provider.answer(refreshedTo(tokensOf(OVER + LIFE, null)));
    expect(await found).toMatchObject({ endsAt: OVER + LIFE });
    clock.now = OVER + LIFE;
    expect([await sessions.find(locator), provider.asked.length]).toEqual([null, 1]);
  });

  test('never beyond its own end', async () => {
    using scene = makeRefreshScene();
    const { clock, provider, sessions, locator, session } = scene;
    clock.now = session.endsAt;
    expect([await sessions.find(locator), provider.asked]).toEqual([null, []]);
  });

  test('without bringing back one that was ended meanwhile', async () => {
    using scene = makeRefreshScene();
    const { clock, provider, sessions, locator, session } = scene;
    clock.now = OVER;
    const found = sessions.find(locator);
    sessions.end({ sid: session.sid });
    provider.answer(refreshedTo(NEW_TOKENS));
    expect([await found, await sessions.find(locator), sessions.isLive(session.sid)]).toEqual([null, null, false]);
  });

  test('though its configuration was closed meanwhile', async () => {
    using scene = makeRefreshScene();
    const { clock, provider, sessions, locator } = scene;
    clock.now = DUE;
    await sessions.find(locator);
    sessions[Symbol.dispose]();
    const next = scene.open();
    provider.answer(refreshedTo(NEW_TOKENS));
    await settle();
    await beSeen();
    expect((await next.find(locator))?.tokens).toEqual(NEW_TOKENS);
    expect(provider.asked).toHaveLength(1);
  });

  test('when another process has written, which keeps no other request waiting', async () => {
    using scene = makeRefreshScene();
    const { clock, provider, sessions, locator, stateDir } = scene;
    clock.now = OVER;
    using writer = new DatabaseSync(`${stateDir}/sessions.sqlite`);
    writer.exec('BEGIN IMMEDIATE');
    const finding = sessions.find(locator);
    writer.exec('ROLLBACK');
    await expect.poll(() => provider.asked.length).toBe(1);
    provider.answer(refreshedTo(NEW_TOKENS, NEW_PERSON));
    expect((await finding)?.person).toEqual(NEW_PERSON);
    expect(scene.logged).toEqual([]);
  });

  test('by another process, where one died over it', async () => {
    using scene = makeRefreshScene();
    const { clock, provider, sessions, locator } = scene;
    const other = scene.open();
    clock.now = DUE;
    await sessions.find(locator);
    clock.now = DUE + 30;
    await other.find(locator);
    expect(provider.asked).toHaveLength(2);
    // The first was not dead after all: of two answers the first counts, and a refusal of the other comes of it.
    provider.answer(refreshedTo(NEW_TOKENS));
    provider.answer(REFUSED);
    await settle();
    expect((await sessions.find(locator))?.tokens).toEqual(NEW_TOKENS);
  });
});

describe('a provider that says no', () => {
  test('ends it for work that its person left behind, and asks nobody for whom nothing is due', async () => {
    using scene = makeRefreshScene();
    const { clock, provider, sessions, session } = scene;
    clock.now = DUE - 1;
    expect([sessions.isLive(session.sid), provider.asked.length]).toEqual([true, 0]);
    clock.now = OVER + 3600;
    expect([sessions.isLive(session.sid), sessions.isLive(session.sid), provider.asked.length]).toEqual([
      true,
      true,
      1,
    ]);
    provider.answer(REFUSED);
    await settle();
    expect(sessions.isLive(session.sid)).toBe(false);
  });

  test('ends the session everywhere, and the log says which and why', async () => {
    using scene = makeRefreshScene();
    const { clock, provider, sessions, locator, session, lives } = scene;
    clock.now = DUE;
    expect(await lives()).toBe(true);
    provider.answer(REFUSED);
    await settle();
    expect([await lives(), sessions.isLive(session.sid), await lives(scene.open())]).toEqual([false, false, false]);
    expect(sessions.list()).toMatchObject([{ endedAt: DUE }]);
    expect(scene.logged).toEqual([expect.stringMatching(/^info session ended: .*"detail":"invalid_grant"/)]);
    expect(scene.logged[0]).toContain(session.sid);
    expect(scene.logged[0]).not.toContain(locator);
  });

  test('ends it for those that wait', async () => {
    using scene = makeRefreshScene();
    scene.clock.now = OVER;
    const found = scene.sessions.find(scene.locator);
    scene.provider.answer(REFUSED);
    expect(await found).toBeNull();
  });
});

describe('a provider that does not answer', () => {
  test('leaves a session its tokens, and idp_outage_grace', async () => {
    using scene = makeRefreshScene();
    const { clock, provider, lives } = scene;
    clock.now = OVER;
    const found = lives();
    provider.answer(AWAY);
    expect(await found).toBe(true);

    clock.now = OVER + SETTINGS.outageGraceSeconds - 0.5;
    const late = lives();
    provider.answer(AWAY);
    expect(await late).toBe(true);
    clock.now = OVER + SETTINGS.outageGraceSeconds;
    expect([await lives(), await lives(), await lives(scene.open())]).toEqual([false, false, false]);
    const suspended = scene.logged.filter((line) => line.includes('session suspended'));
    // Once in each of the two processes.
    expect(suspended).toHaveLength(2);
    expect(suspended[0]).toContain(scene.session.sid);
  });

  test('leaves none where the grace is 0', async () => {
    using scene = makeRefreshScene({ outageGraceSeconds: 0 });
    scene.clock.now = OVER;
    const found = scene.lives();
    scene.provider.answer(AWAY);
    expect(await found).toBe(false);
  });

  test('is asked again after 10 s, and takes nothing from the session that it then refreshes', async () => {
    using scene = makeRefreshScene();
    const { clock, provider, sessions, locator, lives } = scene;
    clock.now = DUE;
    await lives();
    provider.answer(AWAY);
    await settle();
    clock.now = DUE + 9.5;
    expect([await lives(), await lives(scene.open()), provider.asked.length]).toEqual([true, true, 1]);
    clock.now = OVER + 2 * SETTINGS.outageGraceSeconds;
    const found = sessions.find(locator);
    provider.answer(refreshedTo(tokensOf(clock.now + LIFE, 'refresh-2')));
    expect((await found)?.tokens?.refreshToken).toBe('refresh-2');
    expect(scene.logged).toEqual([
      'warn the identity provider does not refresh sessions {"detail":"connect ECONNREFUSED"}',
      'info the identity provider refreshes sessions again {}',
    ]);
  });

  test.each([
    ['goes on within the grace', OVER, true],
    ['is nobody after it', OVER + SETTINGS.outageGraceSeconds, false],
  ])('is waited for 4 s: the request %s', async (_, now, expected) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    using scene = makeRefreshScene();
    scene.clock.now = now;
    let found: boolean | null = null;
    const done = scene.lives().then((lives) => {
      found = lives;
    });
    await vi.advanceTimersByTimeAsync(3999);
    expect(found).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    await done;
    expect(found).toBe(expected);
    expect(vi.getTimerCount()).toBe(0);
    scene.provider.answer(AWAY);
  });
});

describe('findTokenLife', () => {
  const at = (expiresAt: number, refreshToken: string | null = 'r') =>
    findTokenLife({ ...tokensOf(START + expiresAt), refreshToken }, START);
  test.each([
    ['60 s before a long life ends', 3600, { refreshAt: START + 3540, endsAt: Infinity }],
    ['a third before a short one does', 30, { refreshAt: START + 20, endsAt: Infinity }],
    ['at its end, where both are the same', 180, { refreshAt: START + 120, endsAt: Infinity }],
    ['a second later, where it ends at once', 1, { refreshAt: START + 1, endsAt: Infinity }],
    ['10 s later, where it has ended already', -100, { refreshAt: START + 10, endsAt: Infinity }],
  ])('is to be refreshed %s', (_, seconds, expected) => expect(at(seconds)).toEqual(expected));

  test('is not, without a refresh token', () => {
    expect(at(3600.5, null)).toEqual({ refreshAt: null, endsAt: START + 3600 });
  });
});
