import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beSeen } from '../identity/support/make-identity.ts';
import { AUTHENTICATE, CALLBACK, openClient, SECRETS } from '../openid/open-client.ts';
import { choosePerson } from '../support/choose-person.ts';
import { OPENID_PEOPLE, type RunningOpenIdProvider, startOpenIdProvider } from '../support/start-openid-provider.ts';
import { makeScene } from './support/make-sessions.ts';

let provider: RunningOpenIdProvider;
beforeAll(async () => {
  provider = await startOpenIdProvider({
    authenticateUrl: AUTHENTICATE,
    lifetimes: { idToken: 300, accessToken: 300 },
  });
});
afterAll(() => provider[Symbol.asyncDispose]());

/** Alice, signed in by the whole flow, with a session whose tokens are about to be due for their clock. */
async function signIn() {
  const scene = makeScene();
  const { issuer } = provider;
  const openId = openClient(provider);
  const callback = await choosePerson(await openId.begin(CALLBACK, SECRETS), 'alice');
  const signedIn = await openId.finish(callback, SECRETS);
  scene.clock.now = Date.now() / 1000;
  const open = () => scene.open({ openId, issuer });
  const sessions = open();
  const { session, locator } = sessions.create(signedIn);
  const refreshes = async () => (await provider.requests()).filter((request) => request === 'POST /token').length;
  return {
    ...{ ...scene, sessions, open, session, locator, refreshes, before: await refreshes() },
    expire: () => {
      scene.clock.now += 300;
    },
    [Symbol.dispose]() {
      openId[Symbol.dispose]();
      scene[Symbol.dispose]();
    },
  };
}

describe('with a real provider, which takes each refresh token once', () => {
  test('a session lives on, refreshed once for many requests in two processes', async () => {
    using scene = await signIn();
    const { sessions, session, locator } = scene;
    expect(session).toMatchObject({
      person: { id: 'alice', groups: ['engineering'] },
      tokens: { refreshToken: expect.any(String) },
    });
    const other = scene.open();
    for (const round of [1, 2]) {
      scene.expire();
      const finds = [sessions, other, sessions, other, sessions].map((of) => of.find(locator));
      const found = await Promise.all(finds);
      expect(new Set(found.map((one) => one?.tokens?.refreshToken)).size).toBe(1);
      expect(found[0]?.person).toMatchObject({
        id: 'alice',
        email: 'alice@companydomain.com',
        groups: ['engineering'],
      });
      expect((await scene.refreshes()) - scene.before).toBe(round);
    }
  });

  test('new groups come with a refresh, and a person who is gone has no session left', async () => {
    using scene = await signIn();
    const { sessions, session, locator } = scene;
    await provider.setPeople(OPENID_PEOPLE.map((person) => ({ ...person, groups: ['board'] })));
    scene.expire();
    expect((await sessions.find(locator))?.person.groups).toEqual(['board']);
    await provider.setPeople([]);
    scene.expire();
    expect([await sessions.find(locator), sessions.isLive(session.sid)]).toEqual([null, false]);
    await provider.setPeople(OPENID_PEOPLE);
  });

  test('where userinfo alone is away, nobody keeps groups for longer than idp_outage_grace', async () => {
    using scene = await signIn();
    const { sessions, locator } = scene;
    await provider.setTrouble({ kind: 'fail', paths: ['/me'] });
    await provider.setPeople(OPENID_PEOPLE.map((person) => ({ ...person, groups: [] })));
    scene.expire();
    expect((await sessions.find(locator))?.person.groups).toEqual(['engineering']);
    scene.clock.now += 600;
    expect(await sessions.find(locator)).toBeNull();
    await provider.setTrouble(null);
    // Its clock is the real one, and stands where the test began.
    await provider.setLifetimes({ idToken: 3600, accessToken: 3600 });
    scene.clock.now += 10;
    expect((await sessions.find(locator))?.person.groups).toEqual([]);
    await provider.setLifetimes({ idToken: 300, accessToken: 300 });
    await provider.setPeople(OPENID_PEOPLE);
  });

  test('while it is away a session lives for idp_outage_grace, and goes on once it is back', async () => {
    using scene = await signIn();
    const { sessions, locator } = scene;
    await provider.stop();
    scene.expire();
    expect(await sessions.find(locator)).not.toBeNull();
    scene.clock.now += 600;
    expect(await sessions.find(locator)).toBeNull();
    await provider.start();
    // Its clock is the real one, and stands where the test began.
    await provider.setLifetimes({ idToken: 3600, accessToken: 3600 });
    scene.clock.now += 10;
    await beSeen();
    expect(await sessions.find(locator)).not.toBeNull();
  });
});
