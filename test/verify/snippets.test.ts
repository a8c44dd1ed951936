import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendRequest } from '../../src/demo/send-request.ts';
import type { RunningProcess } from '../../src/demo/start-process.ts';
import { ecdsa, hmac, rsa } from '../identity/support/forge.ts';
import { freePort } from '../support/free-port.ts';
import {
  type BuiltSnippet,
  buildSnippet,
  type Settings,
  SNIPPET_FILES,
  SNIPPET_NAMES,
  type SnippetName,
} from './build-snippet.ts';
import { CannotInstall } from './install-python-packages.ts';
import { ASSERTION, ASSERTION_FOR, raiseScene } from './raise-scene.ts';
import { readSnippets } from './read-snippets.ts';

// Before the scene, whose assertions live for five minutes: to build may take minutes.
const missing: SnippetName[] = [];
const built = new Map<SnippetName, BuiltSnippet>();
for (const name of SNIPPET_NAMES) {
  try {
    built.set(name, await buildSnippet(name));
  } catch (error) {
    if (!(error instanceof CannotInstall)) throw error;
    missing.push(name);
    console.warn(`docs/verify.md: the snippet for ${name} is NOT TESTED: ${error.message}`);
  }
}
afterAll(() => Promise.all([...built.values()].map((snippet) => snippet[Symbol.asyncDispose]())));

const scene = await raiseScene();
afterAll(() => scene[Symbol.asyncDispose]());
const { altered, honest, publicKey } = scene;

const SETTINGS = {
  jwksUrl: scene.jwksUrl,
  host: 'api.example.com',
  actsForUsersOf: ['app.example.com', 'shop.example.com'],
};
const now = Math.floor(Date.now() / 1000);
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = publicKey.export({ format: 'pem', type: 'spki' });
const bobs = altered(honest.app, { sub: 'bob', user: 'bob' });
const unsigned = () => Buffer.alloc(0);

/** What makes a lie of an honest token. */
const LIES: Readonly<Record<string, (token: string) => string>> = {
  'not a token': () => 'garbage',
  empty: () => '',
  'without its signature': (token) => token.replace(/[^.]+$/, ''),
  'with another payload': (token) => token.replace(/\..*\./, `.${altered(token, { sub: 'boss' }).split('.')[1]}.`),
  unsigned: (token) => altered(token, {}, { alg: 'none' }, unsigned),
  'HS256 with the public key': (token) => altered(token, {}, { alg: 'HS256' }, hmac(pem.toString())),
  "a stranger's key of the same kid": (token) => altered(token, { sub: 'boss' }, {}, ecdsa(stranger.privateKey)),
  "a stranger's key in the header": (token) =>
    altered(token, {}, { kid: 'x', jwk: stranger.publicKey.export({ format: 'jwk' }) }, ecdsa(stranger.privateKey)),
  'another issuer': (token) => altered(token, { iss: 'evil.example.com' }),
  'another audience': (token) => altered(token, { aud: 'evil.example.com' }),
  'no issuer': (token) => altered(token, { iss: undefined }),
  'no audience': (token) => altered(token, { aud: undefined }),
  expired: (token) => altered(token, { iat: now - 330, exp: now - 30 }),
  'without an end': (token) => altered(token, { exp: undefined }),
  'not yet valid': (token) => altered(token, { nbf: now + 600 }),
  'for a route that is not on any list': () => honest.wiki,
  'two in a line': (token) => `${token}, ${token}`,
};

/** Envoy's filter has no setting for these; the proxy's key signs nothing of the kind. */
const LIES_BEYOND_ENVOY: typeof LIES = {
  'another algorithm, with a key that the proxy publishes': (token) =>
    altered(token, {}, { alg: 'RS256', kid: scene.rsaKid }, rsa(scene.rsaKey)),
  'another kind of token': (token) => altered(token, {}, { typ: 'logout+jwt' }),
  'about nobody': (token) => altered(token, { sub: undefined }),
};

type Headers = Readonly<Record<string, string | string[]>>;

const PAIRS: Readonly<Record<string, Headers>> = {
  'no header at all': {},
  '-For without an Assertion': { [ASSERTION_FOR]: honest.app },
  "-For's audience in the Assertion's place": { [ASSERTION]: honest.app, [ASSERTION_FOR]: honest.app },
  "the Assertion's audience in -For's place": { [ASSERTION]: honest.api, [ASSERTION_FOR]: honest.api },
  "our own issuer, -For's audience, in the Assertion's place": {
    [ASSERTION]: altered(honest.api, { aud: 'app.example.com' }),
  },
  "-For's issuer, our own audience, in the Assertion's place": {
    [ASSERTION]: altered(honest.api, { iss: 'app.example.com' }),
  },
  "our own issuer in -For's place": {
    [ASSERTION]: honest.api,
    [ASSERTION_FOR]: altered(honest.app, { iss: 'api.example.com' }),
  },
  "our own audience in -For's place": {
    [ASSERTION]: honest.api,
    [ASSERTION_FOR]: altered(honest.app, { aud: 'api.example.com' }),
  },
  swapped: { [ASSERTION]: honest.app, [ASSERTION_FOR]: honest.api },
  'two Assertions': { [ASSERTION]: [honest.api, honest.api], [ASSERTION_FOR]: honest.app },
  'two -For of one app': { [ASSERTION]: honest.api, [ASSERTION_FOR]: [honest.app, bobs] },
  'two -For of two apps': { [ASSERTION]: honest.api, [ASSERTION_FOR]: [honest.app, honest.shop] },
  'a forged -For behind an honest one': {
    [ASSERTION]: honest.api,
    [ASSERTION_FOR]: [honest.app, altered(honest.app, { sub: 'boss' }, {}, ecdsa(stranger.privateKey))],
  },
  'an Assertion under another spelling': { [ASSERTION.replaceAll('-', '_')]: honest.api },
};

const WITHOUT_KEYS: Readonly<Record<SnippetName, string>> = {
  'Node.js': '503',
  'Python (Flask)': '503',
  'Python (Starlette)': '503',
  Go: 'does not start',
  Envoy: 'refused',
};

test('no code stands in the page that is not tested', async () => {
  expect(new Set((await readSnippets()).keys())).toEqual(SNIPPET_FILES);
});

test.runIf(process.env['CI'])('in CI every snippet is tested', () => {
  expect(missing).toEqual([]);
});

describe.each([...built])('%s', (name, snippet) => {
  let server: RunningProcess;
  let url: string;
  beforeAll(async () => {
    server = snippet.start(SETTINGS);
    url = await server.ready;
  });
  afterAll(() => server.stop());

  async function ask(headers: Headers, address = url): Promise<string> {
    const { status, body } = await sendRequest({ address, host: SETTINGS.host, headers: { ...headers } });
    if (status === 401 || status === 403) return 'refused';
    if (status !== 200) return String(status);
    const { caller, originalUser } = JSON.parse(body);
    return `${caller} for ${originalUser ?? 'nobody'}`;
  }

  const truth: Headers = { [ASSERTION]: honest.api, [ASSERTION_FOR]: honest.app };

  test.each<[string, Headers, string]>([
    ['a caller for a user', truth, 'api-access for alice'],
    ['a user of the other app', { ...truth, [ASSERTION_FOR]: honest.shop }, 'api-access for alice'],
    ['a caller for itself', { [ASSERTION]: honest.api }, 'api-access for nobody'],
  ])('takes %s', async (_, headers, expected) => {
    expect(await ask(headers)).toBe(expected);
  });

  test('takes a token that ended a moment ago, as clocks differ', async () => {
    const exp = Math.floor(Date.now() / 1000) - 1;
    const late = { [ASSERTION]: altered(honest.api, { exp }), [ASSERTION_FOR]: altered(honest.app, { exp }) };
    expect(await ask(late)).toBe('api-access for alice');
  });

  /** The verifier as it is after the lie still takes the truth. */
  async function refuses(headers: Headers): Promise<void> {
    expect([await ask(headers), await ask(truth)]).toEqual(['refused', 'api-access for alice']);
  }
  const lies = Object.entries({ ...LIES, ...(name === 'Envoy' ? {} : LIES_BEYOND_ENVOY) });
  test.each(lies)('refuses an Assertion: %s', (_, lie) => refuses({ ...truth, [ASSERTION]: lie(honest.api) }));
  test.each(lies)('refuses a -For: %s', (_, lie) => refuses({ ...truth, [ASSERTION_FOR]: lie(honest.app) }));
  test.each(Object.entries(PAIRS))('refuses the two: %s', (_, headers) => refuses(headers));

  test('asks for the keys once at most, however many kids nobody knows', async () => {
    const before = await fetchedKeys();
    expect(before).toBeGreaterThan(0);
    for (let count = 0; count < 20; count++) await ask({ [ASSERTION]: altered(honest.api, {}, { kid: randomUUID() }) });
    expect((await fetchedKeys()) - before).toBeLessThanOrEqual(1);
    expect(await ask(truth)).toBe('api-access for alice');
  });

  test('lets nobody in without keys', async () => {
    const jwksUrl = `http://127.0.0.1:${await freePort()}/jwks.json`;
    expect(await askAnother({ jwksUrl })).toBe(WITHOUT_KEYS[name]);
  });

  test.runIf(name !== 'Envoy')('does not start without a host of its own', async () => {
    expect(await askAnother({ host: '' })).toBe('does not start');
  });

  test.runIf(name !== 'Envoy')('acts for nobody where the list is empty', async () => {
    expect(await askAnother({ actsForUsersOf: [] })).toBe('refused');
  });

  async function askAnother(settings: Partial<Settings>): Promise<string> {
    await using another = snippet.start({ ...SETTINGS, ...settings });
    const address = await another.ready.catch(() => null);
    return address === null ? 'does not start' : await ask(truth, address);
  }

  test.runIf(name === 'Envoy')('takes who calls from the assertions alone', async () => {
    const names = ['x-caller', 'x_caller', 'x-on-behalf-of', 'x_on_behalf_of'];
    const spoofed = { [ASSERTION]: honest.api, ...Object.fromEntries(names.map((name) => [name, 'boss'])) };
    expect(await ask(spoofed)).toBe('api-access for nobody');
    expect(await ask({ ...spoofed, ...truth })).toBe('api-access for alice');
  });
});

async function fetchedKeys(): Promise<number> {
  return (await scene.behalf.logLines()).filter(({ path }) => path === new URL(scene.jwksUrl).pathname).length;
}
