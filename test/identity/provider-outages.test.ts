import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { ecdsa, forge } from './support/forge.ts';
import { makeIdentity, nowSeconds, type World } from './support/make-identity.ts';
import { type ProviderServer, startProvider } from './support/start-provider.ts';

const CLIENT = 'behalf-client';
const MINUTE = 60_000;

interface Key {
  readonly kid: string;
  readonly jwk: object;
  readonly token: () => string;
}

let provider: ProviderServer;
let world: World;
let one: Key;
let two: Key;

function makeKey(kid: string): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const times = { iat: nowSeconds(), exp: nowSeconds() + 86_400 };
  const payload = { iss: provider.issuer, aud: CLIENT, sub: kid, ...times };
  return {
    kid,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid },
    token: () => forge({ alg: 'ES256', kid }, payload, ecdsa(privateKey)),
  };
}

const open = (issuer = provider.issuer) =>
  makeIdentity({
    provider: { issuer, clientId: CLIENT, groupsClaim: 'groups' },
    bearerTokenFormat: 'idp_identity_token',
  });

beforeEach(async () => {
  // Only the clocks are moved by hand; the network's timers are real.
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  provider = await startProvider();
  world = await open();
  one = makeKey('one');
  two = makeKey('two');
  provider.keys = [one.jwk];
});
afterEach(async () => {
  vi.useRealTimers();
  await world[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

/** "ok", the reason of a refusal, or the code of another error. */
const outcome = (key: Key): Promise<string> =>
  world.identity.identifyCaller({ kind: 'provider_token', token: key.token() }).then(
    ({ id }) => (id === key.kid ? 'ok' : 'somebody else'),
    (error) => (error.code === 'ERR_CREDENTIAL_INVALID' ? error.reason : error.code),
  );
const problem = (key: Key): Promise<string> =>
  world.identity.identifyCaller({ kind: 'provider_token', token: key.token() }).then(
    () => 'none',
    ({ code, message }) => `${code}: ${message}`,
  );
const pass = (milliseconds: number) => vi.advanceTimersByTime(milliseconds);
const down: ProviderServer['instead'] = (_, response) => response.writeHead(503).end('down');
const UNAVAILABLE = 'ERR_IDENTITY_UNAVAILABLE';

describe('the provider is asked', () => {
  test('not before there is a token', () => {
    expect(provider.requests).toEqual({ discovery: 0, jwks: 0 });
  });

  test('once, however many wait', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcome(one)));
    expect(new Set(outcomes)).toEqual(new Set(['ok']));
    expect(provider.requests).toEqual({ discovery: 1, jwks: 1 });
  });

  test('once, however long it takes', async () => {
    const held: (() => void)[] = [];
    const { issuer } = provider;
    provider.instead = (_, response) => {
      held.push(() => response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks` })));
      provider.instead = null;
    };
    const first = outcome(one);
    await eventually(() => expect(held).toHaveLength(1));
    pass(2000);
    const second = outcome(one);
    held[0]?.();
    expect(await Promise.all([first, second])).toEqual(['ok', 'ok']);
    expect(provider.requests).toEqual({ discovery: 1, jwks: 1 });
  });

  test('again in the background after ten minutes, for its keys alone', async () => {
    await outcome(one);
    pass(9 * MINUTE);
    await outcome(one);
    expect(provider.requests.jwks).toBe(1);
    pass(2 * MINUTE);
    provider.keys = [two.jwk];
    expect(await outcome(one)).toBe('ok');
    await eventually(async () => expect(await outcome(one)).toBe('unknown'));
    expect(await outcome(two)).toBe('ok');
    expect(provider.requests).toEqual({ discovery: 1, jwks: 2 });
  });

  test('before an answer where the keys are an hour old: a withdrawn one serves no longer', async () => {
    await outcome(one);
    provider.keys = [two.jwk];
    pass(61 * MINUTE);
    expect(await outcome(one)).toBe('unknown');
  });
});

describe('a key that is not known', () => {
  test('is looked for: a rotation is seen at once', async () => {
    expect(await outcome(one)).toBe('ok');
    pass(31_000);
    provider.keys = [one.jwk, two.jwk];
    expect([await outcome(two), await outcome(one)]).toEqual(['ok', 'ok']);
    expect(provider.requests).toEqual({ discovery: 1, jwks: 2 });
  });

  test('costs one fetch in 30 s, however many ask', async () => {
    await outcome(one);
    pass(31_000);
    const flood = Array.from({ length: 200 }, (_, i) => outcome(makeKey(`key-${i}`)));
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['unknown']));
    pass(29_000);
    expect([await outcome(two), await outcome(one)]).toEqual(['unknown', 'ok']);
    expect(provider.requests.jwks).toBe(2);
    pass(2000);
    provider.keys = [one.jwk, two.jwk];
    expect(await outcome(two)).toBe('ok');
    expect(provider.requests.jwks).toBe(3);
  });

  test('does not hold up those that are, while the provider hangs', async () => {
    await outcome(one);
    pass(31_000);
    provider.instead = () => {};
    const waiting = outcome(two);
    expect(await outcome(one)).toBe('ok');
    provider.instead = null;
    await world.identity[Symbol.asyncDispose]();
    expect(await waiting).toBe(UNAVAILABLE);
  });
});

describe('while the provider is away', () => {
  test('from the start, nothing can be said, and it is asked once in a second', async () => {
    provider.instead = down;
    expect(await Promise.all([outcome(one), outcome(one)])).toEqual([UNAVAILABLE, UNAVAILABLE]);
    expect(await outcome(one)).toBe(UNAVAILABLE);
    expect(provider.requests).toEqual({ discovery: 1, jwks: 0 });
    provider.instead = null;
    pass(1000);
    expect(await outcome(one)).toBe('ok');
  });

  test('the last keys serve for an hour', async () => {
    await outcome(one);
    provider.instead = down;
    pass(59 * MINUTE);
    expect(await outcome(one)).toBe('ok');
    pass(2 * MINUTE);
    expect(await outcome(one)).toBe(UNAVAILABLE);
    provider.instead = null;
    pass(1000);
    expect(await outcome(one)).toBe('ok');
  });

  test('an unknown key cannot be told from a new one: that is no refusal, and costs one fetch in 30 s', async () => {
    await outcome(one);
    provider.instead = down;
    pass(31_000);
    const before = provider.requests.jwks;
    expect(await Promise.all([outcome(two), outcome(two)])).toEqual([UNAVAILABLE, UNAVAILABLE]);
    pass(29_000);
    expect([await outcome(two), await outcome(one)]).toEqual([UNAVAILABLE, 'ok']);
    expect(provider.requests.jwks).toBe(before + 1);
  });

  test('its keys may have moved: it is discovered anew', async () => {
    await outcome(one);
    provider.instead = down;
    pass(31_000);
    await outcome(two);
    provider.instead = null;
    provider.discovery = { jwks_uri: `${provider.issuer}/moved` };
    provider.keys = [two.jwk];
    pass(31_000);
    expect(await outcome(two)).toBe('ok');
    expect(provider.requests.discovery).toBe(2);
  });

  test('nobody listens', async () => {
    await provider[Symbol.asyncDispose]();
    expect(await problem(one)).toMatch(
      /^ERR_IDENTITY_UNAVAILABLE: the keys of an issuer: "http.*" could not be fetched: .*ECONNREFUSED/,
    );
    provider = await startProvider();
  });

  test('an answer that does not come is waited for five seconds', async () => {
    provider.instead = () => {};
    using timeouts = vi.spyOn(AbortSignal, 'timeout');
    expect(await problem(one)).toMatch(/TimeoutError/);
    expect(timeouts.mock.calls).toEqual([[5000]]);
  });
});

describe('an answer is not taken', () => {
  const json =
    (value: unknown): ProviderServer['instead'] =>
    (_, response) =>
      response.end(JSON.stringify(value));
  const text =
    (body: string): ProviderServer['instead'] =>
    (_, response) =>
      response.end(body);
  const at =
    (path: string, answer: NonNullable<ProviderServer['instead']>): ProviderServer['instead'] =>
    (request, response) => {
      if (request.url === path) return answer(request, response);
      const { issuer } = provider;
      response.end(
        JSON.stringify(request.url === '/jwks' ? { keys: provider.keys } : { issuer, jwks_uri: `${issuer}/jwks` }),
      );
    };
  const redirect: NonNullable<ProviderServer['instead']> = (_, response) =>
    response.writeHead(302, { location: `${provider.issuer}/elsewhere` }).end();
  const endless: NonNullable<ProviderServer['instead']> = (_, response) => {
    const write = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, ' ')));
    };
    response.on('drain', write);
    write();
  };

  const CASES: Record<string, [instead: () => ProviderServer['instead'], message: RegExp]> = {
    'discovery of another issuer': [
      () => json({ issuer: 'https://evil.example', jwks_uri: `${provider.issuer}/jwks` }),
      /is of issuer "https:\/\/evil/,
    ],
    'discovery of the issuer with a slash': [
      () => json({ issuer: `${provider.issuer}/`, jwks_uri: `${provider.issuer}/jwks` }),
      /is of issuer/,
    ],
    'discovery without issuer': [() => json({ jwks_uri: `${provider.issuer}/jwks` }), /is of issuer undefined/],
    'discovery without jwks_uri': [() => json({ issuer: provider.issuer }), /has no jwks_uri/],
    'discovery with issuer twice': [
      () => text(`{"issuer":"x","issuer":"${provider.issuer}"}`),
      /not with 200 and a JSON object/,
    ],
    'keys at an http: address elsewhere': [
      () => json({ issuer: provider.issuer, jwks_uri: 'http://192.0.2.1/jwks' }),
      /neither https: nor http: on loopback/,
    ],
    'keys at a name that begins like loopback': [
      () => json({ issuer: provider.issuer, jwks_uri: 'http://127.0.0.1.evil.example/' }),
      /neither https:/,
    ],
    'keys at a file': [() => json({ issuer: provider.issuer, jwks_uri: 'file:///etc/passwd' }), /neither https:/],
    'keys in the address itself': [
      () => json({ issuer: provider.issuer, jwks_uri: 'data:application/json,{"keys":[]}' }),
      /neither https:/,
    ],
    'keys at no address': [() => json({ issuer: provider.issuer, jwks_uri: '/jwks' }), /neither https:/],
    'no JSON': [() => text('<html>'), /answered with status 200, not with 200 and a JSON object/],
    'a JSON list': [() => json([]), /not with 200 and a JSON object/],
    'status 404': [
      () => at('/jwks', (_, response) => response.writeHead(404).end('{"keys":[]}')),
      /answered with status 404/,
    ],
    'status 500 without a body': [
      () => at('/jwks', (_, response) => response.writeHead(500).end()),
      /answered with status 500/,
    ],
    'a redirect of the discovery': [() => redirect, /unexpected redirect/],
    'a redirect of the keys': [() => at('/jwks', redirect), /unexpected redirect/],
    'an endless one': [() => at('/jwks', endless), /more than 262144 bytes/],
    'keys that are no list': [
      () => at('/jwks', (_, response) => response.end('{"keys":{}}')),
      /those of "http.*jwks" cannot be used/,
    ],
    'keys that are no objects': [
      () => at('/jwks', (_, response) => response.end('{"keys":["x"]}')),
      /those of "http.*jwks" cannot be used/,
    ],
    'no keys member': [() => at('/jwks', (_, response) => response.end('{}')), /those of "http.*jwks" cannot be used/],
  };
  test.each(Object.entries(CASES))('%s', async (_, [instead, message]) => {
    provider.instead = instead();
    expect(await problem(one)).toMatch(message);
    expect(await outcome(one)).toBe(UNAVAILABLE);
    provider.instead = null;
    pass(1000);
    expect(await outcome(one)).toBe('ok');
  });

  test.each(['http://192.0.2.1', 'ftp://127.0.0.1', 'idp.example', ''])('of an issuer at %j', async (issuer) => {
    await using other = await open(issuer);
    const token = forge({ alg: 'ES256', kid: 'one' }, { iss: issuer }, () => Buffer.from('x'));
    await expect(other.identity.identifyCaller({ kind: 'provider_token', token })).rejects.toMatchObject({
      code: UNAVAILABLE,
      message: expect.stringContaining('is neither https: nor http: on loopback'),
    });
  });
});
