import { type RequestListener, request } from 'node:http';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CLIENT_ID, PEOPLE } from '../../src/demo/scenario.ts';
import { type Answer, sendRequest } from '../../src/demo/send-request.ts';
import { eventually, expectWithin } from '../support/eventually.ts';
import { type RunningBehalf, startBehalf } from '../support/start-behalf.ts';
import { type RunningProvider, startProvider } from '../support/start-provider.ts';
import { type Recorded, type Recorder, startRecorder, valuesOf } from '../support/start-recorder.ts';

const ASSERTION = 'X-Pomerium-Jwt-Assertion';
const ASSERTION_FOR = 'X-Pomerium-Jwt-Assertion-For';

let provider: RunningProvider;
let behalf: RunningBehalf;
let keys: JSONWebKeySet;
const upstreams: Record<'app' | 'api' | 'api2', Recorder> = Object.create(null);
const tokens = { app: '', api: '' };

/** As the user's document says apps do: every header that came, in its spelling, and a bearer of its own. */
function forwardTo(host: string, token: () => string): RequestListener {
  return ({ rawHeaders }, response) => {
    const headers = [
      'Host',
      host,
      'Authorization',
      `Bearer Pomerium-${token()}`,
      'X-Pomerium-Claim-Email',
      'a@b.example',
    ];
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
      // Both are about the connection that the request came by.
      if (!/^(host|connection)$/i.test(name)) headers.push(name, value);
    }
    request(behalf.url, { headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 0);
      answer.pipe(response);
    }).end();
  };
}

beforeAll(async () => {
  provider = await startProvider();
  upstreams.app = await startRecorder(forwardTo('api.localhost', () => tokens.app));
  upstreams.api = await startRecorder(forwardTo('api2.localhost', () => tokens.api));
  upstreams.api2 = await startRecorder();
  const route = (name: 'app' | 'api' | 'api2', criterion: object) => ({
    name,
    from: `http://${name}.localhost`,
    to: upstreams[name].url,
    pass_identity_headers: true,
    policy: [{ allow: { or: [criterion] } }],
  });
  behalf = await startBehalf({
    idp_provider: 'oidc',
    idp_provider_url: provider.issuer,
    idp_client_id: CLIENT_ID,
    bearer_token_format: 'idp_identity_token',
    routes: [
      route('app', { domain: { is: 'companydomain.com' } }),
      route('api', { user: { is: 'api-access' } }),
      route('api2', { user: { is: 'api2-access' } }),
    ],
  });
  tokens.app = await behalf.createServiceAccount('api-access');
  tokens.api = await behalf.createServiceAccount('api2-access');
  keys = JSON.parse((await send('127.0.0.1', {}, '/.well-known/pomerium/jwks.json')).body);
});

beforeEach(() => {
  for (const { requests } of Object.values(upstreams)) requests.length = 0;
});

afterAll(async () => {
  await behalf?.[Symbol.asyncDispose]();
  for (const running of [provider, ...Object.values(upstreams)]) await running?.[Symbol.asyncDispose]();
});

function send(host: string, headers: Record<string, string | string[]>, path = '/'): Promise<Answer> {
  return sendRequest({ address: behalf.url, host, path, headers: { Accept: 'application/json', ...headers } });
}

async function bearerOf(person: object): Promise<string> {
  return `Bearer ${await provider.issue({ ...person, email_verified: true })}`;
}

/** The one request that reached it; there must be no other. */
function only({ requests }: Recorder): Recorded {
  expect(requests).toHaveLength(1);
  return requests[0] as Recorded;
}

async function verify(token: string | undefined, host: string) {
  const options = { algorithms: ['ES256'], issuer: host, audience: host };
  return (await jwtVerify(token ?? '', createLocalJWKSet(keys), options)).payload;
}

test('three hops: every service knows its caller, and alice, by the very bytes that App received', async () => {
  const answer = await send('app.localhost', {
    Authorization: await bearerOf(PEOPLE.alice),
    Cookie: 'theme=dark',
    Forwarded: 'for=203.0.113.9',
    'X-Forwarded-For': '203.0.113.9',
    'X-Pomerium-Claim-Email': 'root@companydomain.com',
    'X-Team': ['blue', 'green'],
  });
  expect(answer).toMatchObject({ status: 200, body: 'recorded' });
  const [app, api, api2] = [only(upstreams.app), only(upstreams.api), only(upstreams.api2)];

  const [alice] = valuesOf(app, ASSERTION);
  expect(await verify(alice, 'app.localhost')).toMatchObject({ sub: 'alice', caller_type: 'user' });
  expect(valuesOf(app, ASSERTION)).toHaveLength(1);
  expect(valuesOf(app, ASSERTION_FOR)).toEqual([]);

  for (const [recorded, host, sub] of [
    [api, 'api.localhost', 'api-access'],
    [api2, 'api2.localhost', 'api2-access'],
  ] as const) {
    const [assertion, ...more] = valuesOf(recorded, ASSERTION);
    expect(more).toEqual([]);
    expect(await verify(assertion, host)).toMatchObject({ sub, caller_type: 'service_account' });
    expect(valuesOf(recorded, ASSERTION_FOR)).toEqual([alice]);
  }

  for (const recorded of [app, api, api2]) {
    expect(valuesOf(recorded, 'Authorization')).toEqual([]);
    expect(valuesOf(recorded, 'X-Pomerium-Claim-Email')).toEqual([]);
    expect(valuesOf(recorded, 'Cookie')).toEqual(['theme=dark']);
    expect(valuesOf(recorded, 'X-Team')).toEqual(['blue', 'green']);
    expect(recorded.rawHeaders.join('\n')).not.toContain('203.0.113.9');
  }
});

test('the log has a line a hop, with caller and original user, and no token', async () => {
  await send('app.localhost', { Authorization: await bearerOf(PEOPLE.alice) });
  const ids = Object.values(upstreams).flatMap((upstream) => valuesOf(only(upstream), 'X-Request-Id'));
  // A line is written when a request has ended, which may be after its answer has come.
  const lines = await eventually(async () => {
    const written = (await behalf.logLines()).filter(({ request_id: id }) => ids.includes(String(id)));
    expect(written).toHaveLength(3);
    return written;
  });
  for (const expected of [
    { route: 'app', caller: 'alice', caller_type: 'user', original_user: null, allow: true },
    { route: 'api', caller: 'api-access', caller_type: 'service_account', original_user: 'alice', allow: true },
    { route: 'api2', caller: 'api2-access', caller_type: 'service_account', original_user: 'alice', allow: true },
  ]) {
    expect(lines).toContainEqual(expect.objectContaining(expected));
  }
  expect(JSON.stringify(lines)).not.toContain('eyJ');
});

describe('denied', () => {
  const app = () => `Bearer Pomerium-${tokens.app}`;
  test.each<[string, string, () => string | null | Promise<string>, number, string]>([
    ['eve at App', 'app.localhost', () => bearerOf(PEOPLE.eve), 403, 'domain-unauthorized'],
    ['alice at API, past App', 'api.localhost', () => bearerOf(PEOPLE.alice), 403, 'user-unauthorized'],
    ["App's account at API2", 'api2.localhost', app, 403, 'user-unauthorized'],
    ["App's account at App", 'app.localhost', app, 403, 'domain-unauthorized'],
    ['nobody at App', 'app.localhost', () => null, 401, 'user-unauthenticated'],
  ])('%s', async (_, host, credential, status, reason) => {
    const authorization = await credential();
    const answer = await send(host, authorization === null ? {} : { Authorization: authorization });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ status, reasons: [reason] });
    for (const { requests } of Object.values(upstreams)) expect(requests).toEqual([]);
  });

  test('a host that no route has', async () => {
    const answer = await send('other.localhost', { Authorization: await bearerOf(PEOPLE.alice) });
    expect(JSON.parse(answer.body)).toMatchObject({ status: 404, reasons: ['route-not-found'] });
  });
});

test('a revoked service account is refused within a second; it passed before', async () => {
  const authorization = `Bearer Pomerium-${await behalf.createServiceAccount('api-access')}`;
  const attempt = async (): Promise<number> => (await send('api.localhost', { Authorization: authorization })).status;
  expect(await attempt()).toBe(200);
  await behalf.revokeServiceAccount('api-access');
  await expectWithin(1000, attempt, 401);
  upstreams.api.requests.length = 0;
  expect(await attempt()).toBe(401);
  expect(upstreams.api.requests).toEqual([]);
  tokens.app = await behalf.createServiceAccount('api-access');
});

test('the keys are published on every host, and are public ones', async () => {
  const answer = await send('api.localhost', {}, '/.well-known/pomerium/jwks.json');
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toEqual(keys);
  expect(keys.keys).toEqual([expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })]);
  expect(keys.keys[0]).not.toHaveProperty('d');
  await send('app.localhost', { Authorization: await bearerOf(PEOPLE.alice) });
  const [token = ''] = valuesOf(only(upstreams.app), ASSERTION);
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', kid: keys.keys[0]?.kid });
});

test('SIGTERM ends it', async () => {
  expect(await behalf.stop()).toBe(0);
  await expect(send('app.localhost', {})).rejects.toThrow('ECONNREFUSED');
});
