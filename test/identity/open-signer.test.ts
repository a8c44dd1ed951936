import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AssertionClaims } from '../../src/engine/documents.ts';
import { openStateKeys } from '../../src/identity/open-state-keys.ts';
import { beSeen, claimsOf, makeIdentity, nowSeconds, type World } from './support/make-identity.ts';

let world: World;
beforeEach(async () => {
  world = await makeIdentity({ signingKeys: [] });
});
afterEach(async () => {
  vi.useRealTimers();
  await world[Symbol.asyncDispose]();
});

const sign = (changes: Partial<AssertionClaims> = {}, expiresAt: number | null = null) =>
  world.identity.signAssertion({ ...claimsOf('alice'), ...changes } as AssertionClaims, expiresAt);

describe('the same token is given again', () => {
  test('for the same claims', () => {
    expect(sign()).toBe(sign());
  });

  const OTHERS: Record<string, Partial<AssertionClaims>> = {
    host: { iss: 'api.example.com', aud: 'api.example.com' },
    caller: { sub: 'bob', user: 'bob' },
    'kind of caller': { caller_type: 'service_account' },
    credential: { sid: 'another-session' },
    groups: { groups: ['ops', 'staff'] },
    'further claim': { team: ['blue'] },
  };
  test.each(Object.entries(OTHERS))('but not for another %s', (_, changes) => {
    const first = sign();
    expect(sign(changes)).not.toBe(first);
    expect(decodeJwt(sign(changes))).toMatchObject(changes);
    expect(sign()).toBe(first);
  });

  test('but not for another end of the caller', () => {
    const end = nowSeconds() + 100;
    expect(decodeJwt(sign({}, end)).exp).toBe(end);
    expect(decodeJwt(sign({}, end + 1)).exp).toBe(end + 1);
    expect(decodeJwt(sign()).exp).toBeGreaterThan(end + 1);
  });

  test('for 30 s', () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: nowSeconds() * 1000 });
    const first = sign();
    vi.advanceTimersByTime(29_900);
    expect(sign()).toBe(first);
    vi.advanceTimersByTime(200);
    const second = sign();
    expect(second).not.toBe(first);
    expect(Number(decodeJwt(second).iat) - Number(decodeJwt(first).iat)).toBe(30);
  });

  test('never beyond the end of the caller', () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const end = nowSeconds() + 10;
    const first = sign({}, end);
    vi.advanceTimersByTime((end - 1) * 1000 - Date.now());
    expect(sign({}, end)).toBe(first);
    vi.advanceTimersByTime(1000);
    expect(() => sign({}, end)).toThrow(expect.objectContaining({ code: 'ERR_ENGINE_DECISION', reason: 'expired' }));
  });

  test('not after a revocation', async () => {
    world.serviceAccounts.create('app', null);
    await beSeen();
    const first = sign();
    world.serviceAccounts.revoke({ id: 'app' });
    await beSeen();
    expect(sign()).not.toBe(first);
  });

  test('not after a rotation', async () => {
    const first = sign();
    using keys = openStateKeys(world.stateDir);
    keys.rotate({ alg: null, afterSeconds: 0, maxAgeSeconds: 0 });
    await beSeen();
    expect(sign()).not.toBe(first);
  });

  test('not after a rotation whose time has come', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: nowSeconds() * 1000 });
    using keys = openStateKeys(world.stateDir);
    const { kid } = keys.rotate({ alg: null, afterSeconds: 10, maxAgeSeconds: 0 });
    await beSeen();
    expect(decodeProtectedHeader(sign()).kid).not.toBe(kid);
    vi.advanceTimersByTime(10_000);
    expect(decodeProtectedHeader(sign()).kid).toBe(kid);
  });
});
