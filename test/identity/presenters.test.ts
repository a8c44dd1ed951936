import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/engine/documents.ts';
import type { ServiceAccountToken } from '../../src/identity/open-store.ts';
import { holdClock } from './support/hold-clock.ts';
import { beSeen, claimsOf, makeIdentity, type World } from './support/make-identity.ts';

holdClock();
let world: World;
beforeEach(async () => {
  world = await makeIdentity();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

type Routes = Partial<Pick<ServiceAccountToken, 'serves' | 'carries'>>;
function signIn(id: string, routes: Routes = {}): Promise<Caller> {
  const token = world.serviceAccounts.create(id, null, routes);
  return world.identity.identifyCaller({ kind: 'service_account', token });
}
const assertionFor = (aud: string) => world.identity.signAssertion({ ...claimsOf('alice'), aud }, null);
function faultOf(token: string, presenter: Caller, maxAgeSeconds: number | null = null): Promise<string | null> {
  return world.identity.verifyAssertion(token, { presenter, maxAgeSeconds }).then(
    () => null,
    (error) => (error.code === 'ERR_ASSERTION_INVALID' ? error.reason : error),
  );
}

describe('what a service account may present', () => {
  const TABLE: Record<string, [Routes, app: string | null, api: string | null, wild: string | null]> = {
    'made for no routes: any': [{}, null, null, null],
    'that serves a route: what that route received': [{ serves: ['app'] }, null, 'presenter', 'presenter'],
    'that carries for a route: what that route passes on': [{ carries: ['api'] }, 'presenter', null, 'presenter'],
    'that does both: both': [{ serves: ['app'], carries: ['api'] }, null, null, 'presenter'],
    'of a wildcard: its hosts': [{ serves: ['b.wild'] }, 'presenter', 'presenter', null],
    'of a route that is there no more: none': [{ serves: ['gone'] }, 'presenter', 'presenter', 'presenter'],
  };
  test.each(Object.entries(TABLE))('%s', async (_, [routes, ...faults]) => {
    const presenter = await signIn('one', routes);
    const hosts = ['app.example.com', 'api.example.com', 'b.wild.example.com'];
    // Twice: what was verified is remembered, who presents it is not.
    for (const _again of [1, 2]) {
      expect(await Promise.all(hosts.map((host) => faultOf(assertionFor(host), presenter)))).toEqual(faults);
    }
  });

  test('is judged for each that presents the same assertion', async () => {
    const [any, app, api] = [
      await signIn('a'),
      await signIn('b', { serves: ['app'] }),
      await signIn('c', { serves: ['api'] }),
    ];
    const token = assertionFor('app.example.com');
    expect(await Promise.all([any, app, api, any].map((one) => faultOf(token, one)))).toEqual([
      null,
      null,
      'presenter',
      null,
    ]);
  });

  test('of one without a record is nothing', async () => {
    const presenter = { ...(await signIn('a')), session_id: 'lost' };
    expect(await faultOf(assertionFor('app.example.com'), presenter)).toBe('presenter');
  });

  test('does not hide why else it is refused', async () => {
    const presenter = await signIn('a', { serves: ['api'] });
    const token = assertionFor('app.example.com');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 400_000 });
    expect(await faultOf(token, presenter)).toBe('expired');
  });
});

describe('original_user_max_age', () => {
  const judgeAt = async (token: string, seconds: number, maxAge: number | null) => {
    const presenter = await signIn('presenter');
    vi.useFakeTimers({ toFake: ['Date'], now: Math.floor(Date.now() / 1000) * 1000 + seconds * 1000 });
    const { identity } = world;
    return identity.verifyAssertion(token, { presenter, maxAgeSeconds: maxAge }).then(
      ({ expired }) => (expired ? 'expired, taken' : 'taken'),
      (error) => error.reason,
    );
  };
  const TABLE: Record<string, [who: 'account' | 'person', maxAge: number | null, at: number, outcome: string]> = {
    'none: taken to the end': ['account', null, 303, 'taken'],
    'none: not after': ['account', null, 307, 'expired'],
    'after the end of a token whose service account lives': ['account', 3600, 3600, 'expired, taken'],
    'before that end': ['account', 3600, 200, 'taken'],
    'and no longer': ['account', 3600, 3607, 'expired'],
    'less than the life of the token': ['account', 60, 60, 'taken'],
    'less, and no longer': ['account', 60, 67, 'expired'],
    'of a person whose session nobody knows: only to the end': ['person', 3600, 307, 'expired'],
    'of that person, before the end': ['person', 3600, 200, 'taken'],
    'of that person, less than the life of the token': ['person', 60, 67, 'expired'],
  };
  test.each(Object.entries(TABLE))('%s', async (_, [who, maxAge, at, outcome]) => {
    const { session_id: sid } = await signIn('app');
    const claims = who === 'account' ? claimsOf('app', 'service_account', sid) : claimsOf('alice');
    expect(await judgeAt(world.identity.signAssertion(claims, null), at, maxAge)).toBe(outcome);
  });

  test('ends with the session', async () => {
    const { session_id: sid } = await signIn('app');
    const token = world.identity.signAssertion(claimsOf('app', 'service_account', sid), null);
    expect(await judgeAt(token, 1000, 3600)).toBe('expired, taken');
    vi.useRealTimers();
    world.serviceAccounts.revoke({ id: 'app' });
    await beSeen();
    expect(await judgeAt(token, 1000, 3600)).toBe('expired');
    vi.useRealTimers();
    expect(await judgeAt(token, 0, 3600)).toBe('revoked');
  });
});
