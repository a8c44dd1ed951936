import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CLIENT_ID } from '../../src/demo/scenario.ts';
import { eventually, expectWithin } from '../support/eventually.ts';
import { sendRaw } from '../support/send-raw.ts';
import { type RunningProvider, startProvider } from '../support/start-provider.ts';
import { type Recorded, type Recorder, startRecorder, valuesOf } from '../support/start-recorder.ts';
import { converse } from './converse.ts';
import { type StartedProxy, startProxy } from './start-proxy.ts';
import { startRawUpstream } from './start-raw-upstream.ts';

const ASSERTION = 'X-Pomerium-Jwt-Assertion';
const ASSERTION_FOR = 'X-Pomerium-Jwt-Assertion-For';

let provider: RunningProvider;
let upstream: Recorder;
let proxy: StartedProxy;
let account: string;
let alice: string;

beforeAll(async () => {
  provider = await startProvider();
  upstream = await startRecorder((_, response) => {
    response.writeHead(200, [
      ...['X-Pomerium-Jwt-Assertion', 'forged', 'X_Pomerium_Claim_Email', 'a@b', 'X-Frame-Options', 'ALLOWALL'],
      ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'],
    ]);
    response.end('recorded');
  });
  const route = (host: string, policy: object, more: object = {}) => ({
    name: host.split('.')[0],
    from: `http://${host}`,
    to: upstream.url,
    policy: [{ allow: { or: [policy] } }],
    ...more,
  });
  proxy = await startProxy({
    idp_provider: 'oidc',
    idp_provider_url: provider.issuer,
    idp_client_id: CLIENT_ID,
    bearer_token_format: 'idp_identity_token',
    pass_identity_headers: true,
    routes: [
      route('public.test', { accept: true }),
      route('app.test', { domain: { is: 'companydomain.com' } }),
      route('api.test', { user: { is: 'api-access' } }),
      route('behalf.test', { 'original_user/email': { ends_with: '@companydomain.com' } }),
      route('bare.test', { authenticated_user: true }, { pass_identity_headers: false }),
      route('paths.test', { http_path: { is: '/allowed/a b' } }),
      route('*.wild.test', { authenticated_user: true }, { preserve_host_header: true }),
      route('rewrite.test', { accept: true }, { prefix: '/api', prefix_rewrite: '/v1/' }),
    ],
  });
  account = await proxy.createServiceAccount('api-access');
  alice = await provider.issue({ sub: 'alice', email: 'alice@companydomain.com', email_verified: true });
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

beforeEach(() => {
  upstream.requests.length = 0;
  proxy.takeLines();
});

/** One request on a connection of its own, which ends with it. */
const send = (head: string, body = '') => {
  const whole = /\nConnection:|\n\n/.test(head) ? head : `${head}\nConnection: close`;
  return sendRaw(proxy.url, `${whole.replaceAll('\n', '\r\n')}\r\n\r\n${body}`);
};
const get = (host: string, lines: readonly string[] = [], target = '/') =>
  send([`GET ${target} HTTP/1.1`, `Host: ${host}`, ...lines].join('\n'));
const statusOf = (answer: string) => Number(answer.split(' ')[1]);
const bodyOf = (answer: string) => answer.slice(answer.indexOf('\r\n\r\n') + 4);
const jsonOf = (answer: string) => JSON.parse(bodyOf(answer)) as Record<string, unknown>;
const seen = (): Recorded => {
  const [first] = upstream.requests;
  if (first === undefined) {
    throw new Error('the upstream saw nothing');
  }
  return first;
};
const headerOf = (name: string): string | null => {
  const values = valuesOf(seen(), name);
  expect(values.length).toBeLessThan(2);
  return values[0] ?? null;
};

describe('the proxy’s own endpoints, on every host', () => {
  test.each(['public.test', 'nowhere.test'])('on %s', async (host) => {
    for (const path of ['/ping', '/healthz', '//x/..//ping']) {
      expect(await get(host, [], path)).toMatch(/^HTTP\/1\.1 200 .*content-length: 3\r\n.*\r\n\r\nOK\n$/is);
    }
    expect(await send(`HEAD /ping HTTP/1.1\nHost: ${host}`)).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\n$/s);
    expect(await send(`POST /ping HTTP/1.1\nHost: ${host}\nContent-Length: 0`)).toMatch(
      /^HTTP\/1\.1 405 .*allow: GET, HEAD\r\n/s,
    );
    for (const path of ['/.well-known/pomerium/x', '/.pomerium/x', '/a/../.pomerium/x']) {
      expect(statusOf(await get(host, [], path))).toBe(404);
    }
    expect(upstream.requests).toEqual([]);
  });

  test.each(['public.test', 'nowhere.test'])('on %s, where people cannot sign in, nobody is told to', async (host) => {
    for (const path of ['/.pomerium', '/.pomerium/', '/a/../.pomerium/']) {
      const answer = await get(host, [], path);
      expect(statusOf(answer)).toBe(200);
      expect(jsonOf(answer)).toMatchObject({
        caller: null,
        original_user: null,
        sign_in_url: null,
        sign_out_url: null,
      });
    }
    const page = await get(host, ['Accept: text/html'], '/.pomerium/');
    expect(bodyOf(page)).toContain('<h1>Nobody is signed in</h1>');
    expect(bodyOf(page)).not.toContain('sign_in');
    const refused = await get(host, [], '/.pomerium/user');
    expect(refused).toMatch(/^HTTP\/1\.1 401 .*www-authenticate: Bearer realm="behalf"\r\n/s);
    expect(refused).toMatch(/\r\ncontent-security-policy: default-src 'none'; .*frame-ancestors 'none'\r\n/);
    expect(jsonOf(refused)).toEqual({
      ...{ status: 401, error: 'unauthenticated', reasons: ['user-unauthenticated'] },
      request_id: expect.any(String),
    });
    for (const path of ['sign_in', 'sign_out', 'signed_out', 'callback/', 'consent', 'api/v1/login']) {
      expect(statusOf(await get(host, ['Accept: text/html'], `/.pomerium/${path}`))).toBe(404);
    }
    expect(upstream.requests).toEqual([]);
  });

  test('tell a program who it is, and for whom it came', async () => {
    await get('app.test', [`Authorization: Bearer ${alice}`]);
    const own = `Authorization: Pomerium ${account}`;
    const behalf = [own, `${ASSERTION}: ${headerOf(ASSERTION)}`];
    expect(jsonOf(await get('nowhere.test', behalf, '/.pomerium/'))).toMatchObject({
      caller: { type: 'service_account', id: 'api-access' },
      original_user: { id: 'alice', audience: 'app.test' },
      original_user_error: null,
    });
    expect(bodyOf(await get('api.test', [...behalf, 'Accept: text/html'], '/.pomerium/'))).toContain('on behalf of');
    const asserted = { sub: 'api-access', caller_type: 'service_account' };
    expect(jsonOf(await get('api.test', [own], '/.pomerium/user'))).toMatchObject(asserted);
    expect(jsonOf(await get('nowhere.test', [own], '/.pomerium/user'))).toMatchObject(asserted);
    const forged = await get('nowhere.test', [`${own}x`], '/.pomerium/user');
    expect([statusOf(forged), jsonOf(forged)['error']]).toEqual([401, 'credential-invalid']);
  });

  test('names that only begin alike are the upstream’s', async () => {
    for (const path of ['/pingx', '/healthz/', '/.pomeriumx', '/.well-known/pomeriumx', '/.well-known/']) {
      expect(statusOf(await get('public.test', [], path))).toBe(200);
    }
    expect(upstream.requests).toHaveLength(5);
  });

  test('the keys, and a 304 for who has them', async () => {
    const answer = await get('nowhere.test', [], '/.well-known/pomerium/jwks.json');
    expect(answer).toMatch(/\r\naccess-control-allow-origin: \*\r\n/);
    expect(answer).toMatch(/\r\ncache-control: max-age=60\r\n/);
    expect(jsonOf(answer)).toMatchObject({
      keys: [{ kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256', kid: expect.any(String) }],
    });
    expect(bodyOf(answer)).not.toContain('"d"');
    const etag = /\r\netag: (.*)\r\n/.exec(answer)?.[1];
    const again = await get('nowhere.test', [`If-None-Match: "x", W/${etag}`], '/.well-known/pomerium/jwks.json');
    expect(again).toMatch(/^HTTP\/1\.1 304 .*\r\n\r\n$/s);
    expect(statusOf(await get('nowhere.test', ['If-None-Match: "x"'], '/.well-known/pomerium/jwks.json'))).toBe(200);
  });

  test('what there is to know', async () => {
    expect(jsonOf(await get('App.Test.:8080', [], '/.well-known/pomerium'))).toEqual({
      issuer: 'app.test',
      jwks_uri: 'http://app.test.:8080/.well-known/pomerium/jwks.json',
    });
  });
});

describe('requests that cannot be taken', () => {
  const H = 'Host: public.test';
  const REFUSED: Readonly<
    Record<string, readonly [refused: string, status: number, error: string, reason: string | null]>
  > = {
    'no Host': ['GET / HTTP/1.1', 400, 'request-malformed', 'host'],
    'no Host in HTTP/1.0': ['GET / HTTP/1.0', 400, 'request-malformed', 'host'],
    'two Hosts': [`GET / HTTP/1.1\n${H}\n${H}`, 400, 'request-malformed', 'host'],
    'an empty Host': ['GET / HTTP/1.1\nHost:', 400, 'request-malformed', 'host'],
    'a Host with a path': ['GET / HTTP/1.1\nHost: public.test/x', 400, 'request-malformed', 'host'],
    'a Host with user info': ['GET / HTTP/1.1\nHost: x@public.test', 400, 'request-malformed', 'host'],
    'a Host with a port that is none': ['GET / HTTP/1.1\nHost: public.test:x', 400, 'request-malformed', 'host'],
    'two hosts in one': ['GET / HTTP/1.1\nHost: public.test, app.test', 400, 'request-malformed', 'host'],
    'a target of another host': [`GET http://app.test/ HTTP/1.1\n${H}`, 400, 'request-malformed', 'target'],
    'a target of another port': [`GET http://public.test:81/ HTTP/1.1\n${H}`, 400, 'request-malformed', 'target'],
    'a target with user info': [`GET http://a@public.test/ HTTP/1.1\n${H}`, 400, 'request-malformed', 'target'],
    'a target of another scheme': [`GET ftp://public.test/ HTTP/1.1\n${H}`, 400, 'request-malformed', 'target'],
    'an asterisk': [`OPTIONS * HTTP/1.1\n${H}`, 400, 'request-malformed', 'target'],
    'a fragment': [`GET /a#b HTTP/1.1\n${H}`, 400, 'request-malformed', 'path'],
    'an encoded slash': [`GET /a%2fb HTTP/1.1\n${H}`, 400, 'request-malformed', 'path'],
    'a parameter on dots': [`GET /a/..;/b HTTP/1.1\n${H}`, 400, 'request-malformed', 'path'],
    TRACE: [`TRACE / HTTP/1.1\n${H}`, 405, 'request-method', null],
    CONNECT: [`CONNECT public.test:443 HTTP/1.1\n${H}`, 405, 'request-method', null],
    'a method that is none': [`FOO / HTTP/1.1\n${H}`, 400, 'request-malformed', 'syntax'],
    'a WebSocket': [`GET / HTTP/1.1\n${H}\nConnection: Upgrade\nUpgrade: websocket`, 403, 'request-upgrade', 'upgrade'],
    'HTTP/2 by upgrade': [
      `GET / HTTP/1.1\n${H}\nConnection: Upgrade, HTTP2-Settings, close\nUpgrade: h2c\nHTTP2-Settings: AAM`,
      403,
      'request-upgrade',
      'upgrade',
    ],
    'HTTP/2 by preface': ['PRI * HTTP/2.0\n\nSM', 505, 'request-version', null],
    'HTTP/2.0': [`GET / HTTP/2.0\n${H}`, 505, 'request-version', null],
    'HTTP/1.2': [`GET / HTTP/1.2\n${H}`, 505, 'request-version', null],
    'another expectation': [`GET / HTTP/1.1\n${H}\nExpect: gold`, 417, 'request-expectation', null],
    'two expectations': [`GET / HTTP/1.1\n${H}\nExpect: 100-continue, gold`, 417, 'request-expectation', null],
    'a length and chunks': [
      `POST / HTTP/1.1\n${H}\nContent-Length: 5\nTransfer-Encoding: chunked`,
      400,
      'request-malformed',
      'syntax',
    ],
    'two lengths': [`POST / HTTP/1.1\n${H}\nContent-Length: 5\nContent-Length: 5`, 400, 'request-malformed', 'syntax'],
    'a list of lengths': [`POST / HTTP/1.1\n${H}\nContent-Length: 5, 5`, 400, 'request-malformed', 'syntax'],
    'a length with a sign': [`POST / HTTP/1.1\n${H}\nContent-Length: +5`, 400, 'request-malformed', 'syntax'],
    'a length beyond counting': [
      `POST / HTTP/1.1\n${H}\nContent-Length: 9999999999999999`,
      400,
      'request-malformed',
      'framing',
    ],
    'another coding': [`POST / HTTP/1.1\n${H}\nTransfer-Encoding: gzip, chunked`, 400, 'request-malformed', 'framing'],
    'chunks twice': [
      `POST / HTTP/1.1\n${H}\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked`,
      400,
      'request-malformed',
      'syntax',
    ],
    'chunks in HTTP/1.0': [`POST / HTTP/1.0\n${H}\nTransfer-Encoding: chunked`, 400, 'request-malformed', 'framing'],
    'a space before the colon': [`GET / HTTP/1.1\n${H}\nX-A : 1`, 400, 'request-malformed', 'syntax'],
    'a folded header': [`GET / HTTP/1.1\n${H}\nX-A: 1\n 2`, 400, 'request-malformed', 'syntax'],
    'a control character in a header': [`GET / HTTP/1.1\n${H}\nX-A: \x01`, 400, 'request-malformed', 'syntax'],
    'headers that are too large': [`GET / HTTP/1.1\n${H}\nX-A: ${'a'.repeat(40_000)}`, 431, 'request-too-large', null],
    'too many headers': [`GET / HTTP/1.1\n${H}${'\nX: 1'.repeat(250)}`, 431, 'request-too-large', null],
    'Connection that names Host': [
      `GET / HTTP/1.1\n${H}\nConnection: host, close`,
      400,
      'request-malformed',
      'connection',
    ],
  };
  test.each(Object.entries(REFUSED))('%s', async (_, [request, status, error, reason]) => {
    const answer = await send(request);
    expect(statusOf(answer)).toBe(status);
    expect(jsonOf(answer)).toEqual({
      status,
      error,
      reasons: reason === null ? [] : [reason],
      request_id: expect.any(String),
    });
    expect(upstream.requests).toEqual([]);
    await eventually(() => expect(proxy.takeLines()).toMatchObject([{ message: 'request', status, error }]));
  });

  const TAKEN: Readonly<Record<string, readonly [request: string, body?: string]>> = {
    'HTTP/1.0 with a Host': [`GET / HTTP/1.0\n${H}`],
    'a Host in upper case, with a port and a dot': ['GET / HTTP/1.1\nHost: PUBLIC.test.:8080'],
    'a target of the same host': ['GET http://PUBLIC.test:80/x HTTP/1.1\nHost: public.test:80'],
    'a target without a path': [`GET http://public.test?x=1 HTTP/1.1\n${H}`],
    'a method of WebDAV': [`PROPFIND / HTTP/1.1\n${H}\nContent-Length: 0`],
    'OPTIONS with a path': [`OPTIONS / HTTP/1.1\n${H}`],
    'a length': [`POST / HTTP/1.1\n${H}\nContent-Length: 5`, 'hello'],
    chunks: [`POST / HTTP/1.1\n${H}\nTransfer-Encoding: Chunked`, '5\r\nhello\r\n0\r\n\r\n'],
    'large headers': [`GET / HTTP/1.1\n${H}\nX-A: ${'a'.repeat(12_000)}`],
    'many headers': [`GET / HTTP/1.1\n${H}${'\nX: 1'.repeat(190)}`],
    'Connection that names a header': [`GET / HTTP/1.1\n${H}\nConnection: close, x-a\nX-A: 1`],
  };
  test.each(Object.entries(TAKEN))('but: %s', async (_, [request, body]) => {
    expect(statusOf(await send(request, body))).toBe(200);
    expect(upstream.requests).toHaveLength(1);
  });

  test('a mistake behind a request that is still being answered is never taken for its answer', async () => {
    const answers = await sendRaw(proxy.url, 'GET / HTTP/1.1\r\nHost: public.test\r\n\r\nGARBAGE\r\n\r\n');
    expect(answers).not.toMatch(/ 400 /);
  });
});

describe('what the upstream gets', () => {
  const PATHS: Readonly<Record<string, readonly [sent: string, got: string]>> = {
    'the path that was judged, in canonical form': ['//a/./b/../%7euser/%c3%a9', '/a/~user/%C3%A9'],
    'the query byte for byte': ['/a?b=%2e%2F..//&c=%zz&&d', '/a?b=%2e%2F..//&c=%zz&&d'],
    'an empty query': ['/a?', '/a?'],
    'a query without a session': ['/a?x=1&pomerium_session=t&y=2', '/a?x=1&y=2'],
    'a query that was a session': ['/a?pomerium_session=t', '/a'],
    'a query without a session in escapes': ['/a?pomerium%5Fsession=t&x', '/a?x'],
    'a query that looks alike': [
      '/a?my_pomerium_session=t&pomerium_sessions=u',
      '/a?my_pomerium_session=t&pomerium_sessions=u',
    ],
  };
  test.each(Object.entries(PATHS))('%s', async (_, [sent, got]) => {
    expect(statusOf(await get('public.test', [], sent))).toBe(200);
    expect(seen().url).toBe(got);
  });

  test('a rewritten path, and nothing outside of it', async () => {
    expect(statusOf(await get('rewrite.test', [], '/api/x?y'))).toBe(200);
    expect(seen().url).toBe('/v1/x?y');
    expect(statusOf(await get('rewrite.test', [], '/api../x'))).toBe(400);
    expect(upstream.requests).toHaveLength(1);
  });

  test('policies judge the decoded path', async () => {
    expect(statusOf(await get('paths.test', [], '/x/../%61llowed/a%20b'))).toBe(200);
    expect(seen().url).toBe('/allowed/a%20b');
    expect(statusOf(await get('paths.test', [], '/allowed/a+b'))).toBe(403);
  });

  test('the upstream’s own host, or the client’s where the route says so', async () => {
    await get('public.test:99');
    expect(headerOf('host')).toBe(new URL(upstream.url).host);
    upstream.requests.length = 0;
    await get('a.b.wild.test:99', [`Authorization: Pomerium ${account}`]);
    expect(headerOf('host')).toBe('a.b.wild.test:99');
    expect(decodeJwt(headerOf(ASSERTION) ?? '')).toMatchObject({ iss: 'a.b.wild.test', aud: 'a.b.wild.test' });
  });

  test('what we say of the client, not what it says of itself', async () => {
    const lies = [
      'Forwarded: for=9.9.9.9',
      'X-Forwarded-For: 9.9.9.9',
      'X_Forwarded_Proto: https',
      'X-Request-Id: mine',
      'X-Original-URL: /admin',
    ];
    await get('public.test:99', lies);
    expect(headerOf('x-forwarded-for')).toBe('127.0.0.1');
    expect(headerOf('x-forwarded-host')).toBe('public.test:99');
    expect(headerOf('x-forwarded-proto')).toBe('http');
    expect(headerOf('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    expect(seen().rawHeaders.join()).not.toMatch(/9\.9\.9\.9|mine|admin|x_forwarded/i);
  });
});

describe('who calls', () => {
  const FORMS = [
    'Authorization: Bearer Pomerium-',
    'Authorization: bearer pomerium-',
    'Authorization: Pomerium ',
    'X-Pomerium-Authorization: ',
  ];
  test.each(FORMS)('a service account by "%s": it passes, its token does not', async (form) => {
    expect(statusOf(await get('api.test', [form + account]))).toBe(200);
    expect(decodeJwt(headerOf(ASSERTION) ?? '')).toMatchObject({
      iss: 'api.test',
      aud: 'api.test',
      sub: 'api-access',
      caller_type: 'service_account',
    });
    expect(seen().rawHeaders.join()).not.toContain(account);
  });

  test('a user by the provider’s token', async () => {
    expect(statusOf(await get('app.test', [`Authorization: Bearer ${alice}`]))).toBe(200);
    expect(decodeJwt(headerOf(ASSERTION) ?? '')).toMatchObject({
      sub: 'alice',
      email: 'alice@companydomain.com',
      caller_type: 'user',
    });
    expect(seen().rawHeaders.join()).not.toContain(alice);
  });

  test('other credentials are the upstream’s, and prove nothing', async () => {
    const theirs = ['Authorization: Basic YWxpY2U6eA==', 'Cookie: _pomerium=s; theirs=1'];
    expect(statusOf(await get('api.test', theirs))).toBe(401);
    expect(statusOf(await get('public.test', theirs))).toBe(200);
    expect(headerOf('authorization')).toBe('Basic YWxpY2U6eA==');
    expect(headerOf('cookie')).toBe('theirs=1');
    expect(headerOf(ASSERTION)).toBeNull();
  });

  test.each([
    ['forged', () => `Authorization: Pomerium ${account.slice(0, -4)}AAAA`],
    ['no token', () => 'Authorization: Bearer Pomerium-x'],
    ['an identity token that was changed', () => `Authorization: Bearer ${alice.slice(0, -4)}AAAA`],
  ])('a bad credential (%s) is 401 on a public route too', async (_, line) => {
    const answer = await get('public.test', [line()]);
    expect(answer).toMatch(/^HTTP\/1\.1 401 .*www-authenticate: Bearer realm="behalf", error="invalid_token"\r\n/s);
    expect(jsonOf(answer)).toMatchObject({ status: 401, error: 'credential-invalid', reasons: [expect.any(String)] });
    expect(upstream.requests).toEqual([]);
  });

  test('a revoked one', async () => {
    const token = await proxy.createServiceAccount('soon-gone');
    expect(statusOf(await get('bare.test', [`Authorization: Pomerium ${token}`]))).toBe(200);
    proxy.revokeServiceAccount('soon-gone');
    const attempt = async () => statusOf(await get('bare.test', [`Authorization: Pomerium ${token}`]));
    await expectWithin(1000, attempt, 401);
  });

  test('two credentials are 400', async () => {
    const answer = await get('api.test', [
      `Authorization: Pomerium ${account}`,
      `X-Pomerium-Authorization: ${account}`,
    ]);
    expect(jsonOf(answer)).toMatchObject({ status: 400, error: 'credential-ambiguous' });
  });

  test('nobody, where somebody is asked for', async () => {
    const answer = await get('api.test');
    expect(answer).toMatch(/^HTTP\/1\.1 401 .*www-authenticate: Bearer realm="behalf"\r\n/s);
    expect(jsonOf(answer)).toMatchObject({ status: 401, error: 'unauthenticated', reasons: ['user-unauthenticated'] });
  });
});

describe('on whose behalf', () => {
  const asAccount = () => `Authorization: Pomerium ${account}`;
  /** Alice's assertion, as App receives it. */
  const receive = async (person = alice) => {
    await get('app.test', [`Authorization: Bearer ${person}`]);
    const token = headerOf(ASSERTION) ?? '';
    upstream.requests.length = 0;
    return token;
  };

  test('an Assertion is carried as -For, byte for byte', async () => {
    const token = await receive();
    expect(statusOf(await get('behalf.test', [asAccount(), `${ASSERTION}: ${token}`]))).toBe(200);
    expect(headerOf(ASSERTION_FOR)).toBe(token);
    expect(decodeJwt(headerOf(ASSERTION) ?? '')).toMatchObject({ sub: 'api-access', aud: 'behalf.test' });
  });

  test('-For goes before Assertion, which is then not even read', async () => {
    const token = await receive();
    expect(
      statusOf(await get('behalf.test', [asAccount(), `${ASSERTION}: forged`, `${ASSERTION_FOR}: ${token}`])),
    ).toBe(200);
    expect(headerOf(ASSERTION_FOR)).toBe(token);
  });

  test('an empty value is none', async () => {
    const token = await receive();
    expect(statusOf(await get('behalf.test', [asAccount(), `${ASSERTION_FOR}:`, `${ASSERTION}: ${token}`]))).toBe(200);
    expect(headerOf(ASSERTION_FOR)).toBe(token);
    upstream.requests.length = 0;
    expect(statusOf(await get('api.test', [asAccount(), `${ASSERTION_FOR}:`, `${ASSERTION}:`]))).toBe(200);
    expect(headerOf(ASSERTION_FOR)).toBeNull();
  });

  test('without either there is no -For', async () => {
    expect(statusOf(await get('api.test', [asAccount()]))).toBe(200);
    expect(headerOf(ASSERTION_FOR)).toBeNull();
  });

  const BAD: Readonly<Record<string, (token: string) => readonly string[]>> = {
    forged: (token) => [`${ASSERTION}: ${token.slice(0, -4)}AAAA`],
    'not a token': () => [`${ASSERTION_FOR}: alice`],
    'there once and once empty': (token) => [`${ASSERTION_FOR}: `, `${ASSERTION_FOR}: ${token}`],
    twice: (token) => [`${ASSERTION_FOR}: ${token}`, `${ASSERTION_FOR}: ${token}`],
    'joined by a comma': (token) => [`${ASSERTION_FOR}: ${token}, ${token}`],
  };
  test.each(Object.entries(BAD))('an original user that is %s is 403, and nothing is sent', async (_, lines) => {
    const token = await receive();
    const answer = await get('api.test', [asAccount(), ...lines(token)]);
    expect(jsonOf(answer)).toMatchObject({ status: 403, error: 'forbidden', reasons: ['original-user-invalid'] });
    expect(upstream.requests).toEqual([]);
  });

  test('a user’s word on another user is dropped unread', async () => {
    const bob = await provider.issue({ sub: 'bob', email: 'bob@companydomain.com', email_verified: true });
    const token = await receive(bob);
    for (const value of [token, 'forged']) {
      upstream.requests.length = 0;
      const lines = [`${ASSERTION}: ${value}`, `${ASSERTION_FOR}: ${value}`, `X_Pomerium_Jwt_Assertion_For: ${value}`];
      expect(statusOf(await get('app.test', [`Authorization: Bearer ${alice}`, ...lines]))).toBe(200);
      expect(headerOf(ASSERTION_FOR)).toBeNull();
      expect(decodeJwt(headerOf(ASSERTION) ?? '')).toMatchObject({ sub: 'alice' });
      expect(seen().rawHeaders.join()).not.toMatch(/x_pomerium|forged/i);
    }
  });

  test('nobody and a route without identity headers get neither', async () => {
    const token = await receive();
    for (const [host, lines] of [
      ['public.test', []],
      ['bare.test', [asAccount()]],
    ] as const) {
      upstream.requests.length = 0;
      expect(
        statusOf(
          await get(host, [
            ...lines,
            `${ASSERTION}: ${token}`,
            `${ASSERTION_FOR}: ${token}`,
            'X-Pomerium-Claim-Email: a@b',
          ]),
        ),
      ).toBe(200);
      expect(seen().rawHeaders.join()).not.toMatch(/pomerium/i);
    }
  });
});

describe('answers', () => {
  test('an upstream’s, without reserved headers, with the decision’s', async () => {
    const answer = await get('public.test');
    expect(answer).toMatch(/\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n/);
    expect(answer).toMatch(/\r\nx-frame-options: SAMEORIGIN\r\n/);
    expect(answer).not.toMatch(/pomerium|ALLOWALL/i);
  });

  test('no route: 404 with its reason', async () => {
    expect(jsonOf(await get('nowhere.test'))).toEqual({
      status: 404,
      error: 'not-found',
      reasons: ['route-not-found'],
      request_id: expect.any(String),
    });
  });

  test('ours are not stored, and have a request id that the log knows', async () => {
    const answer = await get('api.test', ['X-Request-Id: mine']);
    const { request_id } = jsonOf(answer);
    expect(answer).toMatch(/\r\ncache-control: no-store\r\n/);
    expect(answer).toContain(`\r\nx-request-id: ${request_id}\r\n`);
    expect(proxy.takeLines()).toMatchObject([{ request_id }]);
  });

  test('HTML for who asks for it', async () => {
    const answer = await get('api.test', ['Accept: text/html']);
    expect(answer).toMatch(/^HTTP\/1\.1 401 .*content-type: text\/html/s);
    expect(bodyOf(answer)).toContain('Nobody is signed in.');
  });

  test('to HEAD: the same without a body', async () => {
    const answer = await send('HEAD / HTTP/1.1\nHost: api.test');
    expect(answer).toMatch(/^HTTP\/1\.1 401 .*content-length: [1-9]\d+\r\n.*\r\n\r\n$/is);
  });

  test('a denied body is read over, and the next request on the connection is judged by itself', async () => {
    const body = `GET /ping HTTP/1.1\r\nHost: api.test\r\n\r\n`;
    const answers = await sendRaw(
      proxy.url,
      `POST / HTTP/1.1\r\nHost: api.test\r\nContent-Length: ${body.length}\r\n\r\n${body}GET / HTTP/1.1\r\nHost: nowhere.test\r\nConnection: close\r\n\r\n`,
    );
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 404']);
  });

  test('a denied expectation: no 100, and the connection ends', async () => {
    const answer = await send('POST / HTTP/1.1\nHost: api.test\nContent-Length: 5\nExpect: 100-continue');
    expect(answer).toMatch(/^HTTP\/1\.1 401 .*connection: close\r\n/is);
  });
});

describe('the log', () => {
  test('one line a request, with what was found out', async () => {
    await get('api.test', [`Authorization: Pomerium ${account}`], '/a?secret=1');
    expect(proxy.takeLines()).toEqual([
      {
        time: expect.any(String),
        level: 'info',
        message: 'request',
        request_id: expect.any(String),
        route: 'api',
        method: 'GET',
        host: 'api.test',
        path: '/a',
        ip: '127.0.0.1',
        status: 200,
        allow: true,
        reasons: ['user-ok'],
        caller: 'api-access',
        caller_type: 'service_account',
        session: null,
        original_user: null,
        original_user_error: null,
        error: null,
        duration_ms: expect.any(Number),
      },
    ]);
  });

  test('no token and no value of a query, however the request ends', async () => {
    const secret = 'eyJhbGciOiJIUzI1NiJ9.eyJzZWNyZXQiOiJzZWNyZXQifQ.c2VjcmV0';
    const lines = [
      `Authorization: Pomerium ${secret}`,
      `X-Pomerium-Authorization: ${secret}`,
      `Authorization: Bearer ${secret}`,
    ];
    for (const line of lines) {
      for (const host of ['public.test', 'nowhere.test', '(']) {
        await get(host, [line, `${ASSERTION}: ${secret}`, `Cookie: _pomerium=${secret}`], `/?a=${secret}`);
      }
    }
    await get('api.test', [`Authorization: Pomerium ${account}`, `${ASSERTION}: ${secret}`], `/?a=${secret}`);
    await get('api.test', [], `http://a:${secret}@api.test/?a=${secret}`);
    const log = JSON.stringify(proxy.takeLines());
    expect(log).toContain('original-user-invalid');
    expect(log).not.toMatch(/c2VjcmV0|eyJ/);
  });
});

test('clients that go away in every phase leave the proxy alive and well', async () => {
  const request = `POST /x HTTP/1.1\r\nHost: api.test\r\nAuthorization: Pomerium ${account}\r\nContent-Length: 10\r\n\r\n0123456789`;
  const { hostname, port } = new URL(proxy.url);
  for (let cut = 0; cut <= request.length; cut += 7) {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(request.slice(0, cut));
    await sleep(cut % 3);
    socket.resetAndDestroy();
  }
  expect(statusOf(await get('api.test', [`Authorization: Pomerium ${account}`]))).toBe(200);
});

describe('a body that breaks', () => {
  const HEAD = 'POST / HTTP/1.1\r\nHost: public.test\r\nTransfer-Encoding: chunked\r\n\r\n';
  const BROKEN = {
    'in the first chunk, with the head': ['zz\r\n', ''],
    'behind a good chunk': ['4\r\nbody\r\nzz\r\n', ''],
    'later than the head': ['4\r\nbody\r\n', 'zz\r\n'],
    'in a trailer': ['0\r\nX: a\0\r\n\r\n', ''],
  } as const;

  test.each(Object.entries(BROKEN))('%s is 400, and the end of the connection', async (_, [first, later]) => {
    proxy.takeLines();
    const client = converse(proxy.url, HEAD + first);
    await sleep(50);
    client.socket.write(later, 'latin1');
    await eventually(() => expect(client.socket.destroyed).toBe(true));
    expect(client.heard()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*\r\nconnection: close\r\n/is);
    expect(client.heard().match(/HTTP\/1\.1/g)).toHaveLength(1);
    await eventually(() =>
      expect(proxy.takeLines()).toMatchObject([
        { route: 'public', status: 400, error: 'request-malformed', reasons: ['syntax'] },
      ]),
    );
    expect(statusOf(await get('public.test'))).toBe(200);
  });

  test('after an answer has begun is cut', async () => {
    await using early = await startRawUpstream((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'),
    );
    await using own = await startProxy({
      routes: [{ from: 'http://public.test', to: early.url, allow_public_unauthenticated_access: true }],
    });
    const client = converse(own.url, `${HEAD}4\r\nbody\r\n`);
    await eventually(() => expect(client.heard()).toMatch(/half\r\n$/));
    client.socket.write('zz\r\n');
    await eventually(() => expect(client.socket.destroyed).toBe(true));
    expect(client.heard()).toMatch(/half\r\n$/);
    await eventually(() => expect(own.takeLines()).toMatchObject([{ status: 200, error: 'request-malformed' }]));
  });
});

test('response trailers pass, but for those that the route sets or the proxy alone may say', async () => {
  await using trailing = await startRawUpstream((socket) =>
    socket.write(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nServer-Timing: db\r\nX-Frame-Options: evil\r\nX_User_Mail: evil\r\n\r\n',
    ),
  );
  await using own = await startProxy({
    jwt_claims_headers: { 'X-User-Mail': 'email' },
    routes: [{ from: 'http://public.test', to: trailing.url, allow_public_unauthenticated_access: true }],
  });
  const answer = await sendRaw(
    own.url,
    'GET / HTTP/1.1\r\nHost: public.test\r\nX-User-Mail: evil\r\nX-User: a\r\nConnection: close\r\n\r\n',
  );
  expect(answer).toMatch(/\r\n\r\n0\r\nserver-timing: db\r\n\r\n$/);
  expect(answer).not.toContain('evil');
  expect(trailing.received()).toContain('\r\nx-user: a\r\n');
  expect(trailing.received()).not.toContain('evil');
});
