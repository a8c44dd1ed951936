import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { sendRaw } from '../support/send-raw.ts';
import { type Conversation, converse } from './converse.ts';
import { fakeLooks } from './fake-looks.ts';
import { type StartedProxy, startProxy } from './start-proxy.ts';
import { type RawUpstream, startRawUpstream } from './start-raw-upstream.ts';
import { acceptOf, startWebsocketUpstream, type WebsocketUpstream } from './start-websocket-upstream.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const OPEN = { allow_public_unauthenticated_access: true, allow_websockets: true };

let upstream: WebsocketUpstream;
/** Answers what `answer` says. */
let other: RawUpstream;
let answer: string;
let proxy: StartedProxy;
let account: string;

fakeLooks();

beforeAll(async () => {
  upstream = await startWebsocketUpstream();
  other = await startRawUpstream((socket) => socket.write(answer, 'latin1'));
  const route = (host: string, more: object) => ({
    name: host.split('.')[0],
    from: `http://${host}`,
    to: upstream.url,
    ...more,
  });
  proxy = await startProxy({
    pass_identity_headers: true,
    routes: [
      { ...route('127.0.0.1', OPEN), name: 'local' },
      route('open.test', OPEN),
      route('api.test', {
        allow_websockets: true,
        policy: [{ allow: { or: [{ user: { in: ['api-access', 'chat'] } }] } }],
      }),
      route('plain.test', { allow_public_unauthenticated_access: true }),
      route('other.test', { ...OPEN, to: other.url }),
      route('mute.test', { ...OPEN, to: other.url, timeout: '1s' }),
      route('short.test', { ...OPEN, timeout: '2s' }),
      route('idle.test', { ...OPEN, idle_timeout: '2s' }),
      route('gone.test', { ...OPEN, to: 'http://127.0.0.1:1' }),
      route('edited.test', { ...OPEN, set_response_headers: { 'x-mine': 'ours' } }),
    ],
  });
  account = await proxy.createServiceAccount('api-access');
});

afterAll(async () => {
  await proxy.close(0);
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

beforeEach(() => {
  upstream.more = '';
  upstream.behind = '';
  answer = '';
  proxy.takeLines();
});

/** A handshake for a host, with these lines more. */
function ask(host: string, ...lines: readonly string[]): string {
  return [
    `GET /chat HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Key: ${KEY}`,
    'Sec-WebSocket-Version: 13',
    ...lines,
    '\r\n',
  ].join('\r\n');
}

async function open(host: string, ...lines: readonly string[]) {
  const client = converse(proxy.url, ask(host, ...lines));
  await eventually(() => expect(client.heard()).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n.*\r\n\r\n/s));
  return client;
}

/** Goes away, and takes the line of the log that tells of it. */
function leave({ socket }: Conversation): Promise<Record<string, unknown> | undefined> {
  socket.destroy();
  return takeLine();
}

/** The upstream's end of the last connection. */
const lastSocket = (): Socket => upstream.sockets.at(-1) as Socket;
const isClosed = (socket: Socket): boolean => socket.destroyed || socket.readableEnded;
const takeLine = async (): Promise<Record<string, unknown> | undefined> => {
  let line: Record<string, unknown> | undefined;
  await eventually(() => {
    [line] = proxy.takeLines();
    expect(line).toBeDefined();
  });
  return line;
};

describe('an allowed upgrade', () => {
  test('is a WebSocket for a client that knows the protocol, and one line of the log when it ends', async () => {
    const socket = new WebSocket(`${proxy.url.replace('http', 'ws')}/chat?x=1`);
    await once(socket, 'open');
    socket.send('hello');
    const [{ data }] = (await once(socket, 'message')) as [MessageEvent];
    expect(data).toBe('hello');
    expect(proxy.takeLines()).toEqual([]);
    socket.close();
    await once(socket, 'close');
    expect(await takeLine()).toMatchObject({
      route: 'local',
      method: 'GET',
      path: '/chat',
      status: 101,
      allow: true,
      error: null,
      duration_ms: expect.any(Number),
    });
  });

  test('reaches the upstream as it was judged: scrubbed, signed, the path and query byte for byte', async () => {
    const seen = upstream.received().length;
    const client = converse(
      proxy.url,
      ask(
        'api.test',
        `Authorization: Bearer Pomerium-${account}`,
        'X-Pomerium-Jwt-Assertion-For: forged',
        'X_Pomerium_Claim_Email: boss@x',
        'X-Forwarded-For: 10.0.0.1',
        'X-Mine: \xe9',
        'Cookie: a=1',
      ).replace('/chat', '/a/../b//c%41?'),
    );
    await eventually(() => expect(client.heard()).toMatch(/^HTTP\/1\.1 403/));
    expect(await takeLine()).toMatchObject({ original_user_error: 'malformed', status: 403 });
    await eventually(() => expect(client.socket.destroyed).toBe(true));
    expect(upstream.received().length).toBe(seen);

    const honest = converse(
      proxy.url,
      ask(
        'api.test',
        `Authorization: Bearer Pomerium-${account}`,
        'X_Pomerium_Claim_Email: boss@x',
        'X-Forwarded-For: 10.0.0.1',
        'X-Mine: \xe9',
        'X-Twice: 1',
        'X-Twice: 2',
        'Cookie: a=1',
        'Sec-WebSocket-Protocol: chat',
      ).replace('/chat', '/a/../b//c%41?'),
    );
    await eventually(() => expect(honest.heard()).toMatch(/^HTTP\/1\.1 101/));
    const head = upstream.received().slice(seen);
    expect(head).toMatch(/^GET \/b\/cA\? HTTP\/1\.1\r\n/);
    expect(head).toMatch(/\r\nx-pomerium-jwt-assertion: eyJ[\w.-]+\r\n/);
    expect(head.match(/^.*: /gm)?.map((name) => name.toLowerCase().slice(0, -2))).toEqual([
      'host',
      'connection',
      'upgrade',
      'sec-websocket-key',
      'sec-websocket-version',
      'x-mine',
      'x-twice',
      'x-twice',
      'cookie',
      'sec-websocket-protocol',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-request-id',
      'x-pomerium-jwt-assertion',
    ]);
    expect(head).toContain('\r\nx-mine: \xe9\r\n');
    expect(head).toContain('\r\nx-forwarded-for: 127.0.0.1\r\n');
    await leave(honest);
  });

  test('carries what follows either head in the same breath, and all that comes after', async () => {
    upstream.behind = 'first';
    const client = converse(proxy.url, `${ask('open.test')}early`);
    await eventually(() => expect(client.heard()).toMatch(/\r\n\r\nfirstearly$/));
    client.socket.write('later');
    await eventually(() => expect(client.heard()).toMatch(/\r\n\r\nfirstearlylater$/));
    await leave(client);
  });

  test('gets the upstream’s 101 without what only the proxy may say, and with what the route sets', async () => {
    upstream.more =
      'X-Pomerium-Jwt-Assertion: evil\r\nX_Pomerium_Claim_Email: evil\r\nContent-Length: 4\r\nX-Mine: evil\r\nX-Text: \xe9\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nKeep-Alive: evil\r\n';
    const client = await open('edited.test');
    expect(client.heard().split('\r\n\r\n')[0]?.split('\r\n')).toEqual([
      'HTTP/1.1 101 Switching Protocols',
      'connection: Upgrade',
      'upgrade: websocket',
      `sec-websocket-accept: ${acceptOf(KEY)}`,
      'x-text: \xe9',
      'set-cookie: a=1',
      'set-cookie: b=2',
      'x-frame-options: SAMEORIGIN',
      'x-xss-protection: 1; mode=block',
      'x-mine: ours',
    ]);
    await leave(client);
  });
});

describe('an upstream that does not switch', () => {
  const ANSWERS = {
    'with a length': [
      'HTTP/1.1 401 No\r\nContent-Length: 4\r\nX-A: \xe9\r\n\r\nno!!',
      /^HTTP\/1\.1 401 No\r\ncontent-length: 4\r\nx-a: \xe9\r\n.*\r\n\r\nno!!$/s,
    ],
    'in chunks': [
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-T: 1\r\n\r\n',
      /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n2\r\nok\r\n0\r\nx-t: 1\r\n\r\n$/s,
    ],
    'without a body': [
      'HTTP/1.1 204 No Content\r\n\r\n',
      /^HTTP\/1\.1 204 No Content\r\n(?!.*(?:content-length|transfer-encoding)).*\r\n\r\n$/s,
    ],
    'with 304': [
      'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n',
      /^HTTP\/1\.1 304 Not Modified\r\netag: "x"\r\n(?!.*transfer-encoding).*\r\n\r\n$/s,
    ],
    'with a redirect': [
      'HTTP/1.1 302 Found\r\nLocation: http://evil/\r\nX-Pomerium-Claim-A: 1\r\nContent-Length: 0\r\n\r\n',
      /^HTTP\/1\.1 302 Found\r\nlocation: http:\/\/evil\/\r\n(?!.*pomerium).*\r\n\r\n$/s,
    ],
  } as const;
  test.each(Object.entries(ANSWERS))(
    '%s: its answer is passed on, and the connection ends',
    async (_, [said, seen]) => {
      answer = said;
      const client = converse(proxy.url, ask('other.test'));
      await once(client.socket, 'close');
      expect(client.heard()).toMatch(seen);
      expect(client.heard()).toMatch(/\r\nconnection: close\r\n/i);
      expect((await takeLine())?.['status']).toBe(Number(said.slice(9, 12)));
    },
  );

  const FAILURES = {
    'switches to another protocol': [
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nevil',
      'upstream-protocol',
      502,
    ],
    'switches to none': ['HTTP/1.1 101 Switching Protocols\r\n\r\nevil', 'upstream-protocol', 502],
    'speaks no HTTP': ['SSH-2.0-evil\r\n', 'upstream-protocol', 502],
    'says nothing': ['', 'upstream-timeout', 504],
    'gives headers without end': [`HTTP/1.1 101 OK\r\nX: ${'a'.repeat(100_000)}`, 'upstream-protocol', 502],
  } as const;
  test.each(Object.entries(FAILURES))('but %s: a refusal like any other', async (_, [said, error, status]) => {
    answer = said;
    const text = await sendRaw(proxy.url, ask(status === 504 ? 'mute.test' : 'other.test'));
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      status,
      error,
      request_id: expect.any(String),
    });
    await eventually(() => expect(other.sockets.every(isClosed)).toBe(true));
    expect(await takeLine()).toMatchObject({ status, error });
  });

  test('nor is there: 502', async () => {
    expect(await sendRaw(proxy.url, ask('gone.test'))).toMatch(/^HTTP\/1\.1 502 .*"upstream-unreachable"/s);
  });

  test('with a long answer, which a client that does not read stops', async () => {
    answer = `HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n${'x'.repeat(50_000_000)}`;
    const client = converse(proxy.url, ask('other.test'));
    client.socket.pause();
    await eventually(() => expect(other.sockets.at(-1)?.writableLength).toBeGreaterThan(10_000_000));
    client.socket.destroy();
    await eventually(() => expect(other.sockets.every(isClosed)).toBe(true));
  });
});

describe('a refusal', () => {
  const REFUSALS = {
    'where the route does not allow it': ['plain.test', 403, 'request-upgrade', ['upgrade']],
    'where nobody is signed in': ['api.test', 401, 'unauthenticated', ['user-unauthenticated']],
    'where there is no route': ['nowhere.test', 403, 'request-upgrade', ['upgrade']],
  } as const;
  test.each(Object.entries(REFUSALS))(
    '%s is an answer, and nothing behind it is read',
    async (_, [host, status, error, reasons]) => {
      const seen = upstream.received().length;
      const text = await sendRaw(proxy.url, `${ask(host)}GET /ping HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
      expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toEqual({
        status,
        error,
        reasons,
        request_id: expect.any(String),
      });
      expect(upstream.received().length).toBe(seen);
      expect(await takeLine()).toMatchObject({ status, error: status === 403 ? error : null });
    },
  );

  test('of a handshake behind a request that has no answer yet comes after that answer', async () => {
    const text = await sendRaw(proxy.url, `GET /ping HTTP/1.1\r\nHost: open.test\r\n\r\n${ask('open.test')}`);
    expect(text.match(/^HTTP\/1\.1 \d+|"error":"[^"]+"/gm)).toEqual([
      'HTTP/1.1 200',
      'HTTP/1.1 403',
      '"error":"request-upgrade"',
    ]);
  });
});

describe('an end', () => {
  const ENDS = {
    'FIN of the client': (client: Socket) => client.end(),
    'RST of the client': (client: Socket) => client.resetAndDestroy(),
    'FIN of the upstream': () => lastSocket().end(),
    'RST of the upstream': () => lastSocket().resetAndDestroy(),
  } as const;
  test.each(Object.entries(ENDS))('by %s ends both sides', async (_, end) => {
    const { socket } = await open('open.test');
    const last = lastSocket();
    end(socket);
    await eventually(() => expect([isClosed(socket), isClosed(last)]).toEqual([true, true]));
    expect(await takeLine()).toMatchObject({ status: 101, error: null });
  });

  test.each(Object.entries(ENDS).slice(0, 2))(
    'by %s in the handshake leaves no connection to the upstream',
    async (_, end) => {
      const { length } = other.sockets;
      const { socket } = converse(proxy.url, ask('other.test'));
      await eventually(() => expect(other.sockets).toHaveLength(length + 1));
      end(socket);
      await eventually(() => expect(other.sockets.every(isClosed)).toBe(true));
      expect(await takeLine()).toMatchObject({ status: 499, error: 'client-gone' });
    },
  );

  const LIMITS = {
    'short.test': 'the exchange took longer than its timeout of 2s',
    'idle.test': 'nothing was sent or taken for the idle_timeout of 2s',
  };
  test.each(Object.entries(LIMITS))('by the limit of %s', async (host, detail) => {
    const { socket } = await open(host);
    const last = lastSocket();
    await eventually(() => expect([isClosed(socket), isClosed(last)]).toEqual([true, true]));
    expect(await takeLine()).toMatchObject({ status: 101, error: 'upstream-timeout', detail });
  });

  test('does not come while either side speaks', async () => {
    const client = await open('idle.test');
    for (let i = 0; i < 8; i += 1) {
      client.socket.write('.');
      await sleep(300);
    }
    await eventually(() => expect(client.heard()).toMatch(/\.{8}$/));
    expect(client.socket.destroyed).toBe(false);
    await leave(client);
  });

  test('comes when the credential is revoked, and for no other', async () => {
    const revoked = await proxy.createServiceAccount('chat');
    const { socket } = await open('api.test', `Authorization: Pomerium ${revoked}`);
    const twin = await open('api.test', `Authorization: Pomerium ${account}`);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(isClosed(socket)).toBe(false);
    proxy.revokeServiceAccount('chat');
    // As long as a running proxy may need to see that.
    await sleep(1100);
    await vi.advanceTimersByTimeAsync(10_000);
    await eventually(() => expect(isClosed(socket)).toBe(true));
    expect(await takeLine()).toMatchObject({ status: 101, error: 'credential-invalid', reasons: ['revoked'] });
    expect(isClosed(twin.socket)).toBe(false);
    await leave(twin);
  });
});

test('a reload ends those that it would not let in, within the next look at them', async () => {
  const route = (name: string) => ({ ...OPEN, name, from: `http://${name}.test`, to: upstream.url });
  await using own = await startProxy({ routes: [route('stays'), route('goes')] });
  const met = /^HTTP\/1\.1 101/;
  const [stays, goes] = ['stays.test', 'goes.test'].map((host) => converse(own.url, ask(host)));
  await eventually(() =>
    expect([stays, goes].map((client) => client?.heard())).toEqual([
      expect.stringMatching(met),
      expect.stringMatching(met),
    ]),
  );
  own.takeLines();
  await own.reload({
    routes: [route('stays'), { ...route('goes'), policy: [{ deny: { or: [{ accept: true }] } }] }],
  });
  await vi.advanceTimersByTimeAsync(10_000);
  await eventually(() => expect(isClosed(goes?.socket as Socket)).toBe(true));
  expect(isClosed(stays?.socket as Socket)).toBe(false);
  expect(own.takeLines()).toContainEqual(
    expect.objectContaining({ route: 'goes', status: 101, error: 'decision-changed', reasons: ['judged-again'] }),
  );
  stays?.socket.destroy();
});

test('a handshake that takes long is judged once more before it opens a connection', async () => {
  const met = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  await using slow = await startRawUpstream(async (socket, text) => {
    if (!text.endsWith('\r\n\r\n')) return;
    met.resolve();
    await gate.promise;
    socket.write(switchFor(text));
  });
  const policy = [{ allow: { or: [{ user: { in: ['stays', 'goes'] } }] } }];
  await using own = await startProxy({
    routes: [{ from: 'http://slow.test', to: slow.url, allow_websockets: true, policy }],
  });
  const [stays = '', goes = ''] = await Promise.all(['stays', 'goes'].map((id) => own.createServiceAccount(id)));
  const clients = [stays, goes].map((token) => converse(own.url, ask('slow.test', `Authorization: Pomerium ${token}`)));
  await met.promise;
  await eventually(() => expect(slow.sockets).toHaveLength(2));
  own.revokeServiceAccount('goes');
  // As long as a running proxy may need to see that.
  await sleep(1100);
  gate.resolve();
  await eventually(() =>
    expect(clients.map((client) => client.heard())).toEqual([
      expect.stringMatching(/^HTTP\/1\.1 101 /),
      expect.stringMatching(/^HTTP\/1\.1 401 .*"revoked"/s),
    ]),
  );
  clients[0]?.socket.destroy();
  await eventually(() => expect(slow.sockets.every(isClosed)).toBe(true));
});

test('one whose bytes wait for a side that does not read, and none go, is ended', async () => {
  await using stuck = await startRawUpstream((socket, text) => {
    if (!text.endsWith('\r\n\r\n')) return;
    socket.write(switchFor(text));
    socket.pause();
  });
  await using own = await startProxy({ routes: [{ ...OPEN, from: 'http://stuck.test', to: stuck.url }] });
  const client = converse(own.url, ask('stuck.test'));
  await eventually(() => expect(client.heard()).toMatch(/^HTTP\/1\.1 101/));
  client.socket.write(Buffer.alloc(16_000_000));
  await sleep(500);
  client.socket.resetAndDestroy();
  for (let look = 0; look < 5; look += 1) await vi.advanceTimersByTimeAsync(10_000);
  stuck.sockets[0]?.resume();
  await eventually(() => expect(stuck.sockets.every(isClosed)).toBe(true));
});

test('draining leaves them the grace time, then ends them', async () => {
  await using own = await startProxy({ routes: [{ ...OPEN, from: 'http://open.test', to: upstream.url }] });
  const client = converse(own.url, ask('open.test'));
  await eventually(() => expect(client.heard()).toMatch(/^HTTP\/1\.1 101/));
  const closed = own.close(3000);
  client.socket.write('still here');
  await eventually(() => expect(client.heard()).toMatch(/still here$/));
  await closed;
  await eventually(() => expect([isClosed(client.socket), isClosed(lastSocket())]).toEqual([true, true]));
});

/** What an upstream answers to this handshake. */
function switchFor(handshake: string): string {
  const key = /sec-websocket-key: (.*)\r/i.exec(handshake)?.[1] ?? '';
  const lines = ['Connection: Upgrade', 'Upgrade: websocket', `Sec-WebSocket-Accept: ${acceptOf(key)}`];
  return ['HTTP/1.1 101 Switching Protocols', ...lines, '', ''].join('\r\n');
}
