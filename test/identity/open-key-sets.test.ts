import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type KeySource, openKeySets } from '../../src/identity/open-key-sets.ts';
import { eventually } from '../support/eventually.ts';
import { ecdsa, forge } from './support/forge.ts';
import { type ProviderServer, startProvider } from './support/start-provider.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one' };
const other = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }), kid: 'one' };
const token = forge({ alg: 'ES256', kid: 'one' }, { sub: 'alice' }, ecdsa(privateKey));

let server: ProviderServer;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  server = await startProvider();
  server.keys = [jwk];
});
afterEach(async () => {
  vi.useRealTimers();
  await server[Symbol.asyncDispose]();
});

const SOURCES: Record<string, () => KeySource> = {
  'by discovery': () => ({ kind: 'issuer', issuer: server.issuer }),
  'at an address': () => ({ kind: 'url', url: `${server.issuer}/jwks` }),
};

describe.each(Object.entries(SOURCES))('keys %s', (_, source) => {
  test('are fetched once for all who use them, one after the other or at once', async () => {
    const sets = openKeySets();
    using before = sets.open(source());
    expect(await before.judge(token)).toBe('signed');
    using after = sets.open(source());
    before[Symbol.dispose]();
    before[Symbol.dispose]();
    expect(await after.judge(token)).toBe('signed');
    expect(server.requests.jwks).toBe(1);
  });

  test('are let go with their last user, and fetched anew for the next', async () => {
    const sets = openKeySets();
    const first = sets.open(source());
    expect(await first.judge(token)).toBe('signed');
    first[Symbol.dispose]();
    server.keys = [other];
    using second = sets.open(source());
    expect(await second.judge(token)).toBe('forged');
    expect(server.requests.jwks).toBe(2);
  });

  test('that are waited for by their last user are waited for no longer', async () => {
    server.instead = () => {};
    const keys = openKeySets().open(source());
    const waiting = keys.judge(token);
    await eventually(() => expect(server.requests.discovery + server.requests.jwks).toBe(1));
    keys[Symbol.dispose]();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_IDENTITY_UNAVAILABLE' });
  });

  test('that were withdrawn verify nothing any more, what they had verified included', async () => {
    using keys = openKeySets().open(source());
    expect(await keys.judge(token)).toBe('signed');
    server.keys = [other];
    vi.advanceTimersByTime(61 * 60_000);
    expect(await keys.judge(token)).toBe('forged');
  });

  test('are not shared between sources', async () => {
    const sets = openKeySets();
    await using elsewhere = await startProvider();
    elsewhere.keys = [other];
    using here = sets.open(source());
    using there = sets.open({ kind: 'url', url: `${elsewhere.issuer}/jwks` });
    expect([await here.judge(token), await there.judge(token)]).toEqual(['signed', 'forged']);
  });
});

describe('keys that are given', () => {
  test('are asked for nowhere', async () => {
    using keys = openKeySets().open({ kind: 'jwks', jwks: { keys: [jwk] } });
    const unknown = forge({ alg: 'ES256', kid: 'two' }, {}, ecdsa(privateKey));
    expect([await keys.judge(token), await keys.judge(unknown)]).toEqual(['signed', 'unknown']);
    expect(server.requests).toEqual({ discovery: 0, jwks: 0 });
  });

  test('have to be a JWK Set', () => {
    expect(() => openKeySets().open({ kind: 'jwks', jwks: { keys: 'x' } })).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/"jwks_file" cannot be used/) }),
    );
  });
});
