import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { openDevelopment } from '../../src/dev-users/open-development.ts';
import { parseUsers } from '../../src/dev-users/parse-users.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type JarBrowser, openJarBrowser } from '../support/open-jar-browser.ts';
import { runBehalf } from '../support/run-behalf.ts';
import { type RunningBehalf, startBehalf } from '../support/start-behalf.ts';
import { type Recorder, startRecorder, valuesOf } from '../support/start-recorder.ts';

const folder = mkdtempSync(join(tmpdir(), 'behalf-development-'));
const users = join(folder, 'users.yaml');
writeFileSync(
  users,
  'people: {alice: {id: alice, email: alice@companydomain.com}, eve: {email: eve@elsewhere.example}}\n',
);
afterAll(() => rmSync(folder, { recursive: true }));

const SAME = { 'sec-fetch-site': 'same-origin' };

describe('a proxy', () => {
  let upstream: Recorder;
  let behalf: RunningBehalf;
  let port: number;
  let app: string;

  beforeAll(async () => {
    upstream = await startRecorder();
    port = await freePort();
    app = `http://app.localhost:${port}`;
    const allow = { or: [{ domain: { is: 'companydomain.com' } }] };
    const both = [{ user: { is: 'api-access' } }, { 'original_user/domain': { is: 'companydomain.com' } }];
    const routes = [
      { name: 'App', from: app, to: upstream.url, policy: { allow } },
      { name: 'API', from: `http://api.localhost:${port}`, to: upstream.url, policy: { allow: { and: both } } },
    ];
    const config = { address: `127.0.0.1:${port}`, pass_identity_headers: true, routes };
    behalf = await startBehalf(config, ['--dev-users', users]);
  });
  afterAll(async () => {
    await behalf[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  });

  const choose = async (browser: JarBrowser, person: string, headers: Record<string, string> = SAME) => {
    const page = await browser.visit(`${app}/deep?x=1`);
    expect([page.status, page.url.hostname]).toEqual([200, 'authenticate.localhost']);
    expect(page.body).toContain(`You sign in to <b><bdi>app.localhost:${port}</bdi></b>`);
    return browser.visit(page.url, { form: { person }, headers });
  };

  test('somebody is chosen, and the upstream gets a signed assertion of them', async () => {
    const page = await choose(openJarBrowser(port), 'alice');
    expect([page.status, page.url.href]).toEqual([200, `${app}/deep?x=1`]);
    const [assertion = ''] = valuesOf(upstream.requests.at(-1) ?? { rawHeaders: [] }, 'x-pomerium-jwt-assertion');
    const jwks = createRemoteJWKSet(new URL('/.well-known/pomerium/jwks.json', behalf.url));
    const { payload } = await jwtVerify(assertion, jwks, { audience: 'app.localhost' });
    expect(payload).toMatchObject({ sub: 'alice', email: 'alice@companydomain.com', caller_type: 'user' });
  });

  test('an app acts for whoever was chosen, by a service account of its own', async () => {
    const token = await behalf.createServiceAccount('api-access', '--serves', 'App');
    await choose(openJarBrowser(port), 'alice');
    const [assertion = ''] = valuesOf(upstream.requests.at(-1) ?? { rawHeaders: [] }, 'x-pomerium-jwt-assertion');
    const headers = { authorization: `Bearer Pomerium-${token}`, 'x-pomerium-jwt-assertion': assertion };
    const asApp = openJarBrowser(port);
    expect((await asApp.send(`http://api.localhost:${port}`, { headers })).status).toBe(200);
    expect(valuesOf(upstream.requests.at(-1) ?? { rawHeaders: [] }, 'x-pomerium-jwt-assertion-for')).toEqual([
      assertion,
    ]);
    const alone = { authorization: headers.authorization };
    expect((await asApp.send(`http://api.localhost:${port}`, { headers: alone })).status).toBe(403);
  });

  test('a person whom the policy refuses is refused', async () => {
    expect((await choose(openJarBrowser(port), 'eve@elsewhere.example')).status).toBe(403);
  });

  test.each<[what: string, person: string, headers: Record<string, string>]>([
    ['of another site', 'alice', { 'sec-fetch-site': 'cross-site' }],
    ['of a sibling host', 'alice', { 'sec-fetch-site': 'same-site' }],
    ['of nobody in the file', 'mallory', SAME],
  ])('a choice %s makes no session', async (_, person, headers) => {
    const browser = openJarBrowser(port);
    const answer = await choose(browser, person, headers);
    expect([answer.status, answer.url.hostname]).toEqual([400, 'authenticate.localhost']);
    expect([...browser.jar('authenticate.localhost').keys()]).toEqual([]);
    expect((await browser.send(app)).status).toBe(302);
  });

  const forwarders = [
    'X-Forwarded-For',
    'x_forwarded_host',
    'Forwarded',
    'Via',
    'X-Real-IP',
    'Proxy-Client-IP',
    'X-Vercel-Forwarded-For',
    'CF-Ray',
    'Tailscale-User-Login',
  ];
  test.each(forwarders)('a request with %s is refused, wherever it goes', async (name) => {
    const browser = openJarBrowser(port);
    for (const path of ['/', '/.pomerium/', '/.pomerium/sign_in']) {
      expect((await browser.send(app + path, { headers: { [name]: '127.0.0.1' } })).status).toBe(403);
      expect((await browser.send(app + path)).status).not.toBe(403);
    }
  });

  test('it says what it is, loudly', async () => {
    const [first] = await behalf.logLines();
    expect(first).toMatchObject({ level: 'warn', message: expect.stringMatching(/^DEVELOPMENT MODE: /) });
  });
});

test('who is in the file as before stays signed in by a reload, and where people are others, nobody does', async () => {
  await using upstream = await startRecorder();
  const port = await freePort();
  const app = `http://app.localhost:${port}`;
  const file = join(folder, 'changing.yaml');
  const alice = { id: 'alice', email: 'alice@companydomain.com', groups: ['admins'] };
  writeFileSync(file, JSON.stringify({ people: { alice } }));
  const policy = { allow: { or: [{ groups: { has: 'admins' } }] } };
  const config = { address: `127.0.0.1:${port}`, routes: [{ from: app, to: upstream.url, policy }] };
  await using behalf = await startBehalf(config, ['--dev-users', file]);
  const browser = openJarBrowser(port);
  const choose = async () =>
    browser.visit((await browser.visit(app)).url, { form: { person: 'alice' }, headers: SAME });
  const reload = async (count: number) => {
    process.kill(behalf.pid, 'SIGHUP');
    const isDone = async () =>
      expect((await behalf.logLines()).filter(({ message }) => message === 'reloaded')).toHaveLength(count);
    await eventually(isDone);
  };
  expect((await choose()).status).toBe(200);

  writeFileSync(file, `# The same people.\n${JSON.stringify({ people: { alice } })}`);
  await reload(1);
  expect((await browser.send(app)).status).toBe(200);

  writeFileSync(file, JSON.stringify({ people: { alice: { ...alice, groups: [] } } }));
  await reload(2);
  expect((await browser.send(app)).status).toBe(302);
  expect((await choose()).status).toBe(403);
});

test('a session is of one process, and so is a key', () => {
  const config = parseConfig('insecure_server: true\naddress: 127.0.0.1:1\nroutes: []\n', 'b.yaml').config;
  const [first, second] = [openDevelopment(users), openDevelopment(users)].map((development) =>
    development.load(config),
  );
  expect(first?.issuer).not.toBe(second?.issuer);
  expect(first?.config.signingKeys).not.toEqual(second?.config.signingKeys);
});

const CLEAR = { insecure_server: true, address: '127.0.0.1:8080', routes: [] as object[] };
const load = (config: object) =>
  openDevelopment(users).load(parseConfig(JSON.stringify({ ...CLEAR, ...config }), 'b.yaml', { read }).config).config;
const key = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const read = () => ({
  text: JSON.stringify({ keys: [key.publicKey.export({ format: 'jwk' })] }),
  isShared: false,
  isWritable: false,
});

const taken: Record<string, [config: object, authenticateUrl: string]> = {
  'an address of IPv4': [{}, 'http://authenticate.localhost:8080/'],
  'an address of IPv6': [{ address: '[::1]:8080' }, 'http://authenticate.localhost:8080/'],
  'the name of loopback': [{ address: 'localhost:8080' }, 'http://authenticate.localhost:8080/'],
  'a sign-in of its own': [{ authenticate_service_url: 'http://id.localhost:8080' }, 'http://id.localhost:8080/'],
  'a provider, who is not asked': [
    {
      authenticate_service_url: 'https://authenticate.example.com',
      idp_provider: 'google',
      idp_client_id: 'x',
      bearer_token_format: 'idp_identity_token',
    },
    'http://authenticate.localhost:8080/',
  ],
};
test.each(Object.entries(taken))('%s', (_, [config, url]) => {
  const { authenticateServiceUrl, provider, bearerTokenFormat } = load(config);
  expect([authenticateServiceUrl?.href, provider, bearerTokenFormat]).toEqual([url, null, 'default']);
});

const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' });
const issuer = { issuer: 'api.example.net', jwks_file: 'jwks', audiences: ['b'], domains: ['b.net'] };
const route = { from: 'https://authenticate.localhost', to: 'http://x', allow_any_authenticated_user: true };
const refused: Record<string, [config: object, why: string]> = {
  'every address': [{ address: ':8080' }, 'needs an "address" on loopback, such as 127.0.0.1:8080'],
  'every address, written out': [{ address: '0.0.0.0:8080' }, 'needs an "address" on loopback, such as 127.0.0.1:8080'],
  'a name that is not loopback': [
    { address: '127.0.0.1.example.com:8080' },
    'needs an "address" on loopback, such as 127.0.0.1:8080',
  ],
  'any port': [{ address: '127.0.0.1:0' }, 'needs an "address" with a port, by which browsers find the sign-in'],
  'a key that counts elsewhere': [
    { signing_key: pem },
    'excludes "signing_key": what it signs must count nowhere else',
  ],
  "another proxy's people": [{ trusted_issuers: [issuer] }, 'excludes "trusted_issuers": their people are real'],
  'a route in the place of sign-in': [
    { routes: [route] },
    'takes authenticate.localhost for itself, and a route has it: set "authenticate_service_url" to another host',
  ],
};
test.each(Object.entries(refused))('refused: %s', (_, [config, why]) => {
  expect(() => load(config)).toThrow(
    expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: `b.yaml: --dev-users ${why}` }),
  );
});

test('the examples of docs/dev-users.md', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/dev-users.md'), 'utf8');
  const [people = '', config = ''] = Array.from(docs.matchAll(/```yaml\n(.*?)```/gs), ([, text = '']) => text);
  expect(parseUsers(people, 'users.yaml').map(({ id }) => id)).toEqual(['alice', 'eve@elsewhere.example']);
  const { config: read, warnings } = parseConfig(config, 'dev.yaml');
  expect(openDevelopment(users).load(read).config.routes).toHaveLength(read.routes.length);
  expect(warnings).toEqual([]);
});

test('what is refused does not start', async () => {
  const config = join(folder, 'wide.yaml');
  writeFileSync(config, JSON.stringify({ ...CLEAR, address: ':0' }));
  expect(await runBehalf(['serve', '--config', config, '--dev-users', users])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('--dev-users needs an "address" on loopback'),
  });
});
