import { afterAll, expect, test } from 'vitest';
import { findSession } from '../../src/sign-in/find-session.ts';
import { makeScene, newSession } from '../session/support/make-sessions.ts';

const HOST = 'app.example.com';

const scene = makeScene();
afterAll(() => scene[Symbol.dispose]());
const sessions = scene.open();

const sign = (host = HOST) => {
  const { session, locator } = sessions.create(newSession());
  return { sid: session.sid, value: sessions.writeCookie(locator, host) };
};
const signOut = ({ sid, value }: ReturnType<typeof sign>) => {
  sessions.end({ sid });
  return value;
};
const times = (count: number, make: (index: number) => string) => Array.from({ length: count }, (_, at) => make(at));

const [alice, bob] = [sign(), sign()];
const FORGED = times(200, (at) => `${String(at).padStart(4, '_')}${alice.value.slice(4)}`);
const DEAD = times(40, () => signOut(sign()));

test.each<[string, readonly string[], readonly string[]]>([
  ['none', [], []],
  ['one', [alice.value], [alice.sid]],
  ['one behind many that were never ours', [...FORGED, alice.value], [alice.sid]],
  ['one behind many that have ended', [...DEAD, alice.value, ...DEAD], [alice.sid]],
  ['one behind many of both', [...FORGED, ...DEAD, alice.value], [alice.sid]],
  ['one, twice', [alice.value, alice.value], [alice.sid]],
  ['the same again and again before another', [...times(100, () => alice.value), bob.value], [alice.sid, bob.sid]],
  ['two', [...DEAD, alice.value, ...FORGED, bob.value], [alice.sid, bob.sid]],
  ['one of another host', [sign('api.example.com').value], []],
  ['many that have ended', DEAD, []],
])('%s', async (_, values, sids) => {
  const found = await findSession({ host: HOST, cookies: () => values }, { session: 'ours' }, sessions);
  const [sid] = sids;
  if (sids.length > 1) expect(found).toEqual({ kind: 'several', sids });
  else if (sid === undefined) expect(found).toEqual({ kind: 'none' });
  else expect(found).toMatchObject({ kind: 'one', session: { sid } });
});

test('what is looked up of a request has an end', async () => {
  const looked: string[] = [];
  const find = (locator: string) => {
    looked.push(locator);
    return sessions.find(locator);
  };
  const values = times(200, () => signOut(sign()));
  const request = { host: HOST, cookies: () => values };
  await findSession(request, { session: 'ours' }, { readCookie: sessions.readCookie, find });
  expect(looked).toHaveLength(64);
});
