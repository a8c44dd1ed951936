import type { KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { deriveKey } from '../../src/identity/derive-key.ts';
import { loadSharedSecret } from '../../src/identity/load-shared-secret.ts';
import { type ProgramToken, signProgramToken } from '../../src/programs/sign-program-token.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { openJarBrowser } from '../support/open-jar-browser.ts';
import { sendRaw } from '../support/send-raw.ts';
import { type RunningOpenIdProvider, startOpenIdProvider } from '../support/start-openid-provider.ts';
import { type Recorded, type Recorder, startRecorder, valuesOf } from '../support/start-recorder.ts';
import { converse } from './converse.ts';
import { type StartedProxy, startProxy } from './start-proxy.ts';
import { startWebsocketUpstream, type WebsocketUpstream } from './start-websocket-upstream.ts';

const ASSERTION = 'X-Pomerium-Jwt-Assertion';
const SESSION = '__Host-_pomerium';
const SETS = [
  `${SESSION}=evil; Path=/; Secure`,
  '_pomerium=evil',
  `=${SESSION}=evil`,
  // Browsers take the space off.
  `${SESSION} =evil`,
  `${SESSION}_browser=evil`,
  '__Host-_pomerium_state_x=evil',
];

let port: number;
let provider: RunningOpenIdProvider;
let upstream: Recorder;
let websocket: WebsocketUpstream;
let proxy: StartedProxy;
let account: string;
let revoked: string;
/** Signed in on app.localhost as alice, and again as herself; as bob; as eve of elsewhere. */
let alice: string;
let aliceAgain: string;
let bob: string;
let eve: string;
/** Hers on quiet.localhost. */
let onQuiet: string;

// The looks at what lasts, and nothing else in here.
beforeAll(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterAll(() => {
  vi.useRealTimers();
});

beforeAll(async () => {
  port = await freePort();
  provider = await startOpenIdProvider({ authenticateUrl: `http://authenticate.localhost:${port}` });
  upstream = await startRecorder(({ url }, response) => {
    if (url === '/waits') return;
    response.writeHead(200, { 'set-cookie': ['a=1', ...SETS, '_pomeriumx=2'] }).write('recorded');
    if (url !== '/streams') response.end();
  });
  websocket = await startWebsocketUpstream();
  const route = (name: string, more: object) => ({
    name,
    from: `http://${name}.localhost:${port}`,
    to: upstream.url,
    ...more,
  });
  const ours = { policy: [{ allow: { or: [{ domain: { is: 'companydomain.com' } }] } }] };
  const chat = { ...ours, to: websocket.url, allow_websockets: true, allowed_origins: ['https://friend.example'] };
  proxy = await startProxy({
    ...provider.config,
    address: `127.0.0.1:${port}`,
    pass_identity_headers: true,
    routes: [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own
      route('app', { ...ours, set_request_headers: { 'x-id-token': '${pomerium.id_token}' } }),
      route('api', { policy: [{ allow: { or: [{ user: { is: 'api-access' } }] } }] }),
      route('open', { allow_public_unauthenticated_access: true, allow_websockets: true, to: websocket.url }),
      route('chat', chat),
      route('*', { allow_public_unauthenticated_access: true, name: 'wild' }),
      route('quiet', { allow_any_authenticated_user: true, pass_identity_headers: false }),
      route('cors', { cors_allow_preflight: true, allowed_users: ['alice'] }),
    ],
  });
  account = await proxy.createServiceAccount('api-access');
  revoked = await proxy.createServiceAccount('gone');
  proxy.revokeServiceAccount('gone');
  [alice, aliceAgain, bob, eve, onQuiet] = [
    await sessionOn('app', 'alice'),
    await sessionOn('app', 'alice'),
    await sessionOn('app', 'bob'),
    await sessionOn('app', 'eve'),
    await sessionOn('quiet', 'alice'),
  ];
});

afterAll(async () => {
  await proxy.close(0);
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await websocket[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

beforeEach(() => {
  upstream.requests.length = 0;
  proxy.takeLines();
});

const NAVIGATES = ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document', 'Accept: text/html'];

/** One request to app.localhost, or where `Host` among the lines says. */
const send = (head: string, lines: readonly string[] = [], body = '') => {
  const host = lines.some((line) => line.startsWith('Host:')) ? [] : [`Host: app.localhost:${port}`];
  return sendRaw(proxy.url, [head, ...host, 'Connection: close', ...lines, '', body].join('\r\n'));
};
const get = (...lines: readonly string[]) => send('GET /a?b=c HTTP/1.1', lines);
const hostOf = (name: string) => `Host: ${name}.localhost:${port}`;
const cookie = (...values: readonly string[]) => `Cookie: ${values.map((value) => `${SESSION}=${value}`).join('; ')}`;
/** On the host that the lines name. */
const signOut = (...lines: readonly string[]) =>
  send('POST /.pomerium/sign_out HTTP/1.1', ['Sec-Fetch-Site: same-origin', 'Content-Length: 0', ...lines]);
/** The cookie of a new session on a host. */
const sessionOn = async (name: string, sub: string): Promise<string> => {
  const browser = openJarBrowser(port);
  await browser.signIn(`http://${name}.localhost:${port}/.pomerium/sign_in`, sub);
  return browser.jar(`${name}.localhost`).get(SESSION) ?? '';
};
const statusOf = (answer: string) => Number(answer.split(' ')[1]);
const bodyOf = (answer: string) => answer.slice(answer.indexOf('\r\n\r\n') + 4);
const headersOf = (answer: string, name: string) =>
  answer
    .slice(0, answer.indexOf('\r\n\r\n'))
    .split('\r\n')
    .flatMap((line) => (line.toLowerCase().startsWith(`${name}: `) ? [line.slice(name.length + 2)] : []));
const jsonOf = (answer: string) => JSON.parse(bodyOf(answer)) as Record<string, unknown>;
const seen = (): Recorded => {
  const [first] = upstream.requests;
  if (first === undefined) throw new Error('the upstream saw nothing');
  return first;
};

describe('a session', () => {
  test('names its person to the upstream, which gets no cookie of ours, and sets none', async () => {
    const answer = await get(`Cookie: a=1; ${SESSION}=${alice}; b="2"; ${SESSION}_browser=x; _pomerium_state_y=z`);
    expect(statusOf(answer)).toBe(200);
    expect(valuesOf(seen(), 'cookie')).toEqual(['a=1; b="2"']);
    const claims = decodeJwt(valuesOf(seen(), ASSERTION)[0] ?? '');
    expect(claims).toMatchObject({ sub: 'alice', email: 'alice@companydomain.com', groups: ['engineering'] });
    expect(claims['sid']).toMatch(/^session-[\w-]{22}$/);
    expect(decodeJwt(valuesOf(seen(), 'x-id-token')[0] ?? '')).toMatchObject({ iss: provider.issuer, sub: 'alice' });
    expect(headersOf(answer, 'set-cookie')).toEqual(['a=1', '_pomeriumx=2']);
    const [line] = proxy.takeLines();
    expect(line).toMatchObject({ status: 200, caller: 'alice', caller_type: 'user', session: claims['sid'] });
    expect(JSON.stringify(line)).not.toContain(alice);
  });

  test('of somebody whom the policy refuses: a page that says so, and where to sign out; no way round by signing in', async () => {
    const answer = await get(cookie(eve), ...NAVIGATES);
    expect(statusOf(answer)).toBe(403);
    expect(bodyOf(answer)).toContain('href="/.pomerium/sign_out?redirect=%2Fa%3Fb%3Dc"');
    expect(upstream.requests).toEqual([]);
  });

  test.each<readonly [whom: string, lines: () => readonly string[], told: string]>([
    ['who passes', () => [cookie(alice)], 'is told of you with each request.'],
    ['whom the policy refuses', () => [cookie(eve)], 'is not open to you, for <code>domain-unauthorized</code>.'],
    [
      'whom the route says nothing of',
      () => [hostOf('quiet'), cookie(onQuiet)],
      'no route of it passes your identity on.',
    ],
  ])('of somebody %s: their own page says what the site learns', async (_, lines, told) => {
    const answer = await send('GET /.pomerium/ HTTP/1.1', [...lines(), ...NAVIGATES]);
    expect(bodyOf(answer)).toContain(told);
  });

  test.each<readonly [what: string, header: () => string, status: number, reason: string]>([
    ['a service account', () => `Authorization: Pomerium ${account}`, 403, 'domain-unauthorized'],
    ['a forged one', () => 'Authorization: Bearer Pomerium-a.b.c', 401, 'malformed'],
  ])('beside a credential in a header is not read: %s', async (_, header, status, reason) => {
    const answer = await get(cookie(alice), header());
    expect(statusOf(answer)).toBe(status);
    expect(jsonOf(answer)).toMatchObject({ reasons: [reason] });
    expect(statusOf(await get(cookie(alice)))).toBe(200);
  });

  test('beside an Authorization of the upstream’s is read, and that passes on', async () => {
    expect(statusOf(await get(cookie(alice), 'Authorization: Basic eDp5'))).toBe(200);
    expect(valuesOf(seen(), 'authorization')).toEqual(['Basic eDp5']);
  });

  const FORGED = 'A'.repeat(64);
  test.each<readonly [what: string, values: () => readonly string[], status: number]>([
    ['none', () => [FORGED], 401],
    ['a live one beside forged and broken ones', () => [FORGED, alice, '', 'x=y"', alice.slice(1)], 200],
    ['the same twice', () => [alice, alice], 200],
    ['two of one person', () => [alice, aliceAgain], 401],
    ['two of two people', () => [bob, alice], 401],
  ])('of several cookies the only live one counts: %s', async (_, values, status) => {
    const answer = await get(cookie(...values()));
    expect(statusOf(answer)).toBe(status);
    expect(upstream.requests).toHaveLength(status === 200 ? 1 : 0);
  });

  test('made for one host names nobody on another', async () => {
    for (const host of ['chat', 'authenticate']) {
      const answer = await send('GET /.pomerium/user HTTP/1.1', [hostOf(host), cookie(alice)]);
      expect(statusOf(answer)).toBe(401);
    }
    expect(statusOf(await send('GET /.pomerium/user HTTP/1.1', [cookie(alice)]))).toBe(200);
  });

  test('two live ones are cleared, on routes for everybody too', async () => {
    const own = [await sessionOn('open', 'alice'), await sessionOn('open', 'bob')];
    proxy.takeLines();
    const answer = await get(cookie(...own), hostOf('open'), 'Accept: text/html');
    expect(statusOf(answer)).toBe(401);
    expect(headersOf(answer, 'set-cookie')).toEqual([expect.stringMatching(/^__Host-_pomerium=; Max-Age=0; Path=\/;/)]);
    expect(bodyOf(answer)).toContain(`href="http://open.localhost:${port}/.pomerium/sign_in?redirect=`);
    expect(proxy.takeLines()).toEqual([
      expect.objectContaining({ error: 'identity-ambiguous', reasons: ['two-sessions'], caller: null }),
    ]);
  });

  test('that was signed out of names nobody', async () => {
    const value = await sessionOn('app', 'alice');
    expect(statusOf(await get(cookie(value)))).toBe(200);
    await signOut(cookie(value));
    expect(statusOf(await get(cookie(value)))).toBe(401);
    expect(statusOf(await get(cookie(alice)))).toBe(200);
  });
});

describe('a program’s token', () => {
  let sid: string;
  let key: KeyObject;
  const life = () => Date.now() / 1000 + 60;
  const token = (over: Partial<ProgramToken> = {}, by = key) =>
    signProgramToken({ sub: 'alice', sid, host: 'app.localhost', expiresAt: life(), ...over }, by);

  beforeAll(async () => {
    key = deriveKey(loadSharedSecret(proxy.stateDir, null), 'program');
    await get(cookie(alice));
    sid = String(proxy.takeLines().at(-1)?.['session']);
  });

  test.each([
    ['Bearer Pomerium-', (text: string) => `Authorization: Bearer Pomerium-${text}`],
    ['Pomerium', (text: string) => `Authorization: Pomerium ${text}`],
    ['X-Pomerium-Authorization', (text: string) => `X-Pomerium-Authorization: ${text}`],
  ])('is its person, whatever cookie comes with it, and goes no further: %s', async (_, write) => {
    expect(statusOf(await get(write(token()), cookie(bob), 'Cookie: a=1'))).toBe(200);
    expect(decodeJwt(valuesOf(seen(), ASSERTION)[0] ?? '')).toMatchObject({ sub: 'alice', sid, caller_type: 'user' });
    expect(seen().rawHeaders.join()).not.toContain(token().split('.')[0]);
    expect(valuesOf(seen(), 'cookie')).toEqual(['a=1']);
    expect(proxy.takeLines()).toEqual([expect.objectContaining({ caller: 'alice', session: sid })]);
  });

  test.each<readonly [what: string, write: () => string, reason: string]>([
    ['on another host', () => token({ host: 'api.localhost' }), 'audience'],
    ['after its end', () => token({ expiresAt: Date.now() / 1000 - 1 }), 'expired'],
    ['of a session that never was', () => token({ sid: `session-${'A'.repeat(22)}` }), 'revoked'],
    ['of a session of somebody else', () => token({ sub: 'bob' }), 'revoked'],
    ['with the key of service accounts', () => token({}, otherKey()), 'forged'],
    ['changed', () => `${token()}A`, 'forged'],
  ])('is refused %s', async (_, write, reason) => {
    const answer = await get(`Authorization: Pomerium ${write()}`, ...NAVIGATES.slice(0, 2));
    expect(statusOf(answer)).toBe(401);
    expect(jsonOf(answer)).toMatchObject({ error: 'credential-invalid', reasons: [reason] });
    expect(upstream.requests).toEqual([]);
  });
  const otherKey = () => deriveKey(loadSharedSecret(proxy.stateDir, null), 'serviceAccount');

  test('without our prefix is refused, and never the upstream’s', async () => {
    expect(jsonOf(await get(`Authorization: Bearer ${token()}`))).toMatchObject({ reasons: ['malformed'] });
  });

  test('ends with its session', async () => {
    const value = await sessionOn('app', 'alice');
    await get(cookie(value));
    const own = String(proxy.takeLines().at(-1)?.['session']);
    const header = `Authorization: Pomerium ${token({ sid: own })}`;
    expect(statusOf(await get(header))).toBe(200);
    await signOut(cookie(value));
    expect(jsonOf(await get(header))).toMatchObject({ reasons: ['revoked'] });
    expect(statusOf(await get(`Authorization: Pomerium ${token()}`))).toBe(200);
  });
});

/** What is sent to sign in where nobody is signed in, and what is told. */
const ASKS: Readonly<Record<string, readonly [status: number, lines: readonly string[], method?: string]>> = {
  'a navigation': [302, NAVIGATES],
  'a navigation by HEAD': [302, NAVIGATES, 'HEAD'],
  'a navigation in a frame': [302, ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe', 'Accept: text/html']],
  'one that a service worker fetches again': [302, ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: empty']],
  'one that says no more than that it navigates': [302, ['Sec-Fetch-Mode: navigate']],
  'no Sec-Fetch, and HTML by name': [302, ['Accept: text/html,application/xhtml+xml,*/*;q=0.8']],
  'an image in place of a page': [401, ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: object', 'Accept: text/html']],
  'a fetch that asks for HTML': [401, ['Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty', 'Accept: text/html']],
  'one Sec-Fetch without a mode': [401, ['Sec-Fetch-Site: none', 'Accept: text/html']],
  'an image': [401, ['Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: image']],
  'no Sec-Fetch, and anything': [401, ['Accept: */*']],
  'no header at all': [401, []],
  'JSON by name': [401, ['Accept: application/json']],
  'a credential of the upstream’s': [401, [...NAVIGATES, 'Authorization: Basic eDp5']],
  'gRPC-Web': [401, [...NAVIGATES, 'Content-Type: application/grpc-web+proto']],
  'a deleting navigation, which no browser makes': [401, NAVIGATES, 'DELETE'],
  'a forged cookie does no harm': [302, [...NAVIGATES, `Cookie: ${SESSION}=${'A'.repeat(64)}`]],
};

describe('without a session', () => {
  test.each(Object.entries(ASKS))('%s', async (what, [status, lines, method = 'GET']) => {
    const answer = await send(`${method} /a?b=c HTTP/1.1`, lines);
    expect(statusOf(answer)).toBe(status);
    expect(headersOf(answer, 'location').join()).toMatch(
      status === 302
        ? new RegExp(`^http://authenticate\\.localhost:${port}/\\.pomerium/sign_in\\?request=[\\w-]+$`)
        : /^$/,
    );
    expect(headersOf(answer, 'www-authenticate')).toEqual(status === 302 ? [] : ['Bearer realm="behalf"']);
    expect(headersOf(answer, 'cache-control')).toEqual(['no-store']);
    expect(headersOf(answer, 'content-type')).toEqual(
      status === 302 ? [] : [what.startsWith('gRPC') ? 'application/grpc-web+json' : 'application/json'],
    );
    expect(upstream.requests).toEqual([]);
  });

  test('at another port than the sign-in’s: a page and a log that say so', async () => {
    const asked = [`Host: app.localhost:${81}`, ...NAVIGATES];
    const answer = await send('GET /a HTTP/1.1', asked);
    expect([statusOf(answer), headersOf(answer, 'location')]).toEqual([401, []]);
    expect(bodyOf(answer)).toContain('It is not possible to sign in at this address.');
    expect(proxy.takeLines().at(-1)?.['detail']).toBe(
      `not sent to sign in: the browser came to http://app.localhost:81, and must come to the port of http://authenticate.localhost:${port}`,
    );
  });

  test.each([
    ['a page for people', NAVIGATES, 'text/html; charset=utf-8', '<h1>Nothing answers here</h1>'],
    ['text for programs', [], 'text/plain; charset=utf-8', 'Not Found'],
  ])('an own address that there is not is %s', async (_, lines, type, body) => {
    const answer = await send('GET /.pomerium/nothing HTTP/1.1', lines);
    expect([statusOf(answer), headersOf(answer, 'content-type')]).toEqual([404, [type]]);
    expect(bodyOf(answer)).toContain(body);
  });

  test.each<readonly [what: string, lines: readonly string[]]>([
    ['that is no token', ['Authorization: Bearer Pomerium-a.b.c']],
    ['of a service account that was revoked', ['Authorization: Pomerium REVOKED', 'Accept: text/html']],
  ])('a program with a credential %s is told where to sign in, and never by a page', async (_, lines) => {
    const answer = await get(...lines.map((line) => line.replace('REVOKED', revoked)));
    expect(jsonOf(answer)).toMatchObject({
      error: 'credential-invalid',
      sign_in_url: `http://app.localhost:${port}/.pomerium/sign_in?redirect=${encodeURIComponent('/a?b=c')}`,
    });
    expect(headersOf(answer, 'content-type')).toEqual(['application/json']);
  });

  test('a program is told where to sign in, and by what request it was refused', async () => {
    const answer = await get();
    expect(jsonOf(answer)).toEqual({
      status: 401,
      error: 'unauthenticated',
      reasons: ['user-unauthenticated'],
      request_id: headersOf(answer, 'x-request-id')[0],
      sign_in_url: `http://app.localhost:${port}/.pomerium/sign_in?redirect=${encodeURIComponent('/a?b=c')}`,
    });
  });

  test('a program that speaks gRPC-Web is told in its own way', async () => {
    const answer = await send('POST /a.B/C HTTP/1.1', ['Content-Type: application/grpc-web-text', 'Content-Length: 0']);
    expect(statusOf(answer)).toBe(401);
    expect(headersOf(answer, 'content-type')).toEqual(['application/grpc-web+json']);
    expect(headersOf(answer, 'grpc-status')).toEqual(['16']);
    expect(bodyOf(answer)).toBe('');
  });

  test('a form that was posted is answered by a page that says so; the upstream sees nothing', async () => {
    const form = [...NAVIGATES, 'Content-Type: application/x-www-form-urlencoded', 'Content-Length: 3'];
    const answer = await send('POST /save HTTP/1.1', form, 'a=1');
    expect(statusOf(answer)).toBe(401);
    expect(headersOf(answer, 'location')).toEqual([]);
    expect(headersOf(answer, 'content-type')).toEqual(['text/html; charset=utf-8']);
    expect(bodyOf(answer)).toContain('<h1>Your form was not sent</h1>');
    expect(upstream.requests).toEqual([]);
    expect(statusOf(await send('POST /save HTTP/1.1', [...form, cookie(alice)], 'a=1'))).toBe(200);
    expect(seen().body.toString()).toBe('a=1');
  });

  test('a policy that lets somebody else in sends a service account nowhere', async () => {
    const answer = await get(...NAVIGATES, hostOf('api'), cookie(await sessionOn('api', 'alice')));
    expect(statusOf(answer)).toBe(403);
    expect(statusOf(await get(hostOf('api'), `Authorization: Pomerium ${account}`))).toBe(200);
  });
});

/** From which page a WebSocket is opened on chat.localhost, whose `allowed_origins` has one friend. */
const ORIGINS: Readonly<Record<string, readonly [status: number, lines: () => readonly string[]]>> = {
  'the route’s own': [101, () => [`Origin: http://chat.localhost:${port}`]],
  'one that the route allows': [101, () => ['Origin: https://friend.example']],
  none: [403, () => []],
  'an empty one': [403, () => ['Origin: null']],
  'another scheme': [403, () => [`Origin: https://chat.localhost:${port}`]],
  'another port': [403, () => ['Origin: http://chat.localhost']],
  'another host': [403, () => [`Origin: http://app.localhost:${port}`]],
  'one that begins as the friend’s does': [403, () => ['Origin: https://friend.example.evil.test']],
  'two, one of them its own': [403, () => [`Origin: http://chat.localhost:${port}`, 'Origin: https://evil.test']],
};

describe('a WebSocket', () => {
  const ask = (...lines: readonly string[]) =>
    ['GET /chat HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', ...lines]
      .concat('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '\r\n')
      .join('\r\n');
  let chat: string;

  beforeAll(async () => {
    chat = await sessionOn('chat', 'alice');
  });

  const open = async (...lines: readonly string[]) => {
    const client = converse(proxy.url, ask(...lines));
    await eventually(() => expect(client.heard()).toMatch(/\r\n\r\n/));
    return client;
  };

  test.each(Object.entries(ORIGINS))('with a session, from an origin: %s', async (_, [status, lines]) => {
    const client = await open(hostOf('chat'), cookie(chat), ...lines());
    expect(statusOf(client.heard())).toBe(status);
    client.socket.destroy();
  });

  test('with a session on a route for everybody needs an origin too; without one it needs none', async () => {
    const own = cookie(await sessionOn('open', 'alice'));
    const [withSession, without] = [await open(hostOf('open'), own), await open(hostOf('open'))];
    expect([withSession, without].map((client) => statusOf(client.heard()))).toEqual([403, 101]);
    without.socket.destroy();
  });

  test('of a program needs no origin, and nobody is sent to sign in', async () => {
    const refused = await open(hostOf('chat'), 'Accept: text/html', 'Sec-Fetch-Mode: websocket');
    expect(statusOf(refused.heard())).toBe(401);
    const denied = await open(hostOf('chat'), `Authorization: Pomerium ${account}`);
    expect(statusOf(denied.heard())).toBe(403);
    expect(denied.heard()).toContain('domain-unauthorized');
  });

  test('ends when its session does, even where everybody may open one', async () => {
    const own = cookie(await sessionOn('open', 'alice'));
    const opened = await open(hostOf('open'), own, `Origin: http://open.localhost:${port}`);
    const twin = await open(hostOf('open'));
    expect([opened, twin].map((client) => statusOf(client.heard()))).toEqual([101, 101]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(opened.socket.closed).toBe(false);
    await signOut(hostOf('open'), own);
    proxy.takeLines();
    await vi.advanceTimersByTimeAsync(10_000);
    await eventually(() => expect(opened.socket.closed).toBe(true));
    expect(proxy.takeLines()).toEqual([
      expect.objectContaining({ status: 101, error: 'credential-invalid', reasons: ['revoked'] }),
    ]);
    expect(twin.socket.closed).toBe(false);
    twin.socket.destroy();
  });
});

describe('an exchange that lasts', () => {
  const begin = async (path: string, ...lines: readonly string[]) => {
    const { length } = upstream.requests;
    const client = converse(proxy.url, [`GET ${path} HTTP/1.1`, ...lines, '\r\n'].join('\r\n'));
    await eventually(() => expect(upstream.requests).toHaveLength(length + 1));
    return client;
  };

  test('ends when its session does, even where everybody may have it', async () => {
    const own = cookie(await sessionOn('wild', 'alice'));
    const opened = await begin('/streams', hostOf('wild'), own);
    const twin = await begin('/streams', hostOf('wild'));
    for (const client of [opened, twin]) await eventually(() => expect(client.heard()).toMatch(/recorded\r\n$/));
    await vi.advanceTimersByTimeAsync(20_000);
    await signOut(hostOf('wild'), own);
    proxy.takeLines();
    await vi.advanceTimersByTimeAsync(10_000);
    await eventually(() => expect(opened.socket.closed).toBe(true));
    expect(opened.heard()).toMatch(/recorded\r\n$/);
    expect(proxy.takeLines()).toEqual([
      expect.objectContaining({ status: 200, caller: 'alice', error: 'credential-invalid', reasons: ['revoked'] }),
    ]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(twin.socket.closed).toBe(false);
    twin.socket.destroy();
  });

  test('and has no answer yet gets one that says where to sign in', async () => {
    const own = cookie(await sessionOn('app', 'alice'));
    const opened = await begin('/waits', hostOf('app'), own);
    await signOut(hostOf('app'), own);
    await vi.advanceTimersByTimeAsync(10_000);
    await eventually(() => expect(opened.heard()).toMatch(/\}\n$/));
    expect(statusOf(opened.heard())).toBe(401);
    expect(jsonOf(opened.heard())).toMatchObject({
      error: 'credential-invalid',
      sign_in_url: expect.stringMatching(`^http://app\\.localhost:${port}/\\.pomerium/sign_in\\?redirect=`),
    });
    opened.socket.destroy();
  });
});

describe('a CORS preflight on a route that lets those pass', () => {
  const ask = [
    'Origin: https://x.example',
    'Access-Control-Request-Method: PUT',
    'Authorization: Basic eDp5',
    'X-Mine: 1',
  ];
  const preflight = (...lines: readonly string[]) =>
    send('OPTIONS /a HTTP/1.1', [hostOf('cors'), ...ask, 'Content-Length: 4', ...lines], 'body');

  test('goes on without body, cookies, Authorization and assertion, whoever sends it', async () => {
    const eveHere = `Cookie: a=1; ${SESSION}=${await sessionOn('cors', 'eve')}`;
    for (const lines of [['Cookie: a=1'], [eveHere], [`X-Pomerium-Authorization: ${account}`]]) {
      expect(statusOf(await preflight(...lines))).toBe(200);
    }
    expect(upstream.requests).toHaveLength(3);
    for (const request of upstream.requests) {
      expect(request.body.toString()).toBe('');
      for (const name of ['authorization', 'cookie', 'content-length', 'transfer-encoding', ASSERTION]) {
        expect(valuesOf(request, name)).toEqual([]);
      }
      expect(valuesOf(request, 'x-mine')).toEqual(['1']);
    }
  });

  test('goes on as it came where its sender may come anyhow', async () => {
    const value = await sessionOn('cors', 'alice');
    upstream.requests.length = 0;
    expect(statusOf(await preflight(`Cookie: a=1; ${SESSION}=${value}`))).toBe(200);
    expect(seen().body.toString()).toBe('body');
    expect(valuesOf(seen(), 'cookie')).toEqual(['a=1']);
    expect(valuesOf(seen(), 'authorization')).toEqual(['Basic eDp5']);
    expect(valuesOf(seen(), ASSERTION)).toHaveLength(1);
  });

  test('a request that is none is not let in by it', async () => {
    expect(statusOf(await send('PUT /a HTTP/1.1', [hostOf('cors'), ...ask, 'Content-Length: 0']))).toBe(401);
  });
});

describe('a form for an address of the proxy’s own', () => {
  const FORM = 'Content-Type: application/x-www-form-urlencoded';
  const post = (lines: readonly string[], body: string) => {
    const length = lines.includes('Transfer-Encoding: chunked') ? [] : [`Content-Length: ${body.length}`];
    return send('POST /.pomerium/backchannel_logout HTTP/1.1', [hostOf('authenticate'), ...length, ...lines], body);
  };

  test.each<readonly [what: string, status: number, error: string, lines: readonly string[], body: string]>([
    ['of 8 KiB is read', 400, 'invalid_request', [FORM], `logout_token=${'x'.repeat(8192 - 13)}`],
    ['of more is not', 413, 'form-too-large', [FORM], `logout_token=${'x'.repeat(8192 - 12)}`],
    ['of another type is not', 400, 'request-malformed', ['Content-Type: text/plain'], 'logout_token=x'],
    ['in chunks is read', 400, 'invalid_request', [FORM, 'Transfer-Encoding: chunked'], '3\r\na=1\r\n0\r\n\r\n'],
    ['in broken chunks is not', 400, 'request-malformed', [FORM, 'Transfer-Encoding: chunked'], '3\r\na=1\r\nx\r\n'],
    [
      'in endless chunks is not',
      413,
      'form-too-large',
      [FORM, 'Transfer-Encoding: chunked'],
      `4000\r\n${'x'.repeat(16384)}\r\n`,
    ],
  ])('%s', async (_, status, error, lines, body) => {
    const answer = await post(lines, body);
    expect(statusOf(answer)).toBe(status);
    expect(jsonOf(answer)).toMatchObject({ error });
  });

  test('whose client goes away in the middle is told of in the log', async () => {
    const lines = ['POST /.pomerium/backchannel_logout HTTP/1.1', hostOf('authenticate'), FORM, 'Content-Length: 9'];
    const client = converse(proxy.url, [...lines, '', 'a=1'].join('\r\n'));
    await sleep(50);
    client.socket.destroy();
    await eventually(() => expect(proxy.takeLines()).toEqual([expect.objectContaining({ status: 499 })]));
  });
});

describe('who am I', () => {
  const ask = async (...lines: readonly string[]) =>
    jsonOf(await send('GET /.pomerium/user HTTP/1.1', ['Accept: application/json', ...lines]));

  test('says who came, by whatever credential', async () => {
    expect(await ask(cookie(alice))).toMatchObject({ sub: 'alice', email: 'alice@companydomain.com' });
    expect(await ask(hostOf('api'), `Authorization: Pomerium ${account}`)).toMatchObject({ sub: 'api-access' });
  });

  test('is asked for with a bad credential: refused as on a route', async () => {
    const answer = await send('GET /.pomerium/ HTTP/1.1', ['Authorization: Pomerium a.b.c']);
    expect(statusOf(answer)).toBe(401);
    expect(jsonOf(answer)).toMatchObject({ error: 'credential-invalid' });
  });

  test('on the host where people sign in no wildcard of a route answers', async () => {
    expect(statusOf(await send('GET / HTTP/1.1', [hostOf('authenticate')]))).toBe(404);
    expect(statusOf(await send('GET / HTTP/1.1', [hostOf('other')]))).toBe(200);
  });
});

test('a person with the id of a service account is refused at each use, even when that is revoked', async () => {
  expect(statusOf(await get(cookie(bob)))).toBe(200);
  await proxy.createServiceAccount('bob');
  proxy.revokeServiceAccount('bob');
  await eventually(async () => {
    proxy.takeLines();
    const answer = await get(cookie(bob), ...NAVIGATES);
    expect(statusOf(answer)).toBe(401);
    expect(bodyOf(answer)).not.toContain('/.pomerium/sign_in');
  });
  expect(proxy.takeLines()).toEqual([expect.objectContaining({ error: 'identity-ambiguous', caller: null })]);
  expect(statusOf(await get(cookie(alice)))).toBe(200);
});
