import { mkdtempDisposable, readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { converse } from './converse.ts';
import { fakeLooks } from './fake-looks.ts';
import { type StartedProxy, startProxy } from './start-proxy.ts';
import { type RawUpstream, startRawUpstream } from './start-raw-upstream.ts';

/** Begins an answer as its request's `x-begin` says, and never ends it by itself. */
let upstream: RawUpstream;
/** The upstream's end of the connection that the request of a path came by. */
const socketOf = new Map<string, Socket>();
let proxy: StartedProxy;
let account: string;

fakeLooks();

const route = (name: string, more: object = {}) => ({
  name,
  from: `http://${name}.test`,
  to: upstream.url,
  allow_any_authenticated_user: true,
  timeout: '1h',
  ...more,
});
const CONFIG = () => ({ routes: [route('plain'), route('upgrades', { allow_websockets: true })] });

beforeAll(async () => {
  upstream = await startRawUpstream((socket, text) => {
    const [, path = '', begin] = /^\w+ (\S+) .*\r\nx-begin: (\w+)\r\n.*\r\n\r\n/s.exec(text) ?? [];
    if (path === '' || socketOf.has(path)) return;
    socketOf.set(path, socket);
    socket.write(BEGINNINGS[begin as keyof typeof BEGINNINGS]);
  });
  proxy = await startProxy(CONFIG());
  account = await proxy.createServiceAccount('stays');
});

afterAll(async () => {
  await proxy.close(0);
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

beforeEach(() => {
  proxy.takeLines();
});

const BEGINNINGS = {
  chunks: 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
  length: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello',
  close: 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello',
  nothing: '',
} as const;

interface Lasting {
  readonly begin: keyof typeof BEGINNINGS;
  readonly head?: string;
  readonly host?: string;
  readonly lines?: readonly string[];
  readonly body?: string;
  /** What the client has heard by the first look. */
  readonly begun: RegExp;
  /** What the upstream says in the end, and what a client has heard by then. */
  readonly rest: string;
  readonly whole: RegExp;
}

const ANSWERED = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate';
const STREAM = {
  begin: 'chunks',
  begun: /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n5\r\nhello\r\n$/s,
  rest: '0\r\n\r\n',
  whole: /\r\n5\r\nhello\r\n0\r\n\r\n$/,
} as const;
const SILENT = {
  begin: 'nothing',
  begun: /^$/,
  rest: ANSWERED,
  whole: /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nlate$/s,
} as const;

const KINDS: Readonly<Record<string, Lasting>> = {
  'an event stream': STREAM,
  'a slow download': { ...STREAM, begin: 'length', begun: /\r\n\r\nhello$/, rest: 'more', whole: /\r\n\r\nhellomore$/ },
  'an event stream to HTTP/1.0, which is whole when it ends': {
    ...STREAM,
    head: 'GET PATH HTTP/1.0',
    begun: /\r\n\r\nhello$/,
    whole: /\r\n\r\nhello$/,
  },
  'a stream while the request goes on': {
    ...STREAM,
    head: 'POST PATH HTTP/1.1',
    lines: ['Transfer-Encoding: chunked'],
    body: '1\r\na\r\n',
  },
  'a long poll': SILENT,
  'an upload': { ...SILENT, head: 'PUT PATH HTTP/1.1', lines: ['Content-Length: 9'], body: 'hello' },
  'a handshake that is answered by a stream': {
    ...STREAM,
    host: 'upgrades.test',
    lines: ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: a'],
  },
  'a handshake without an answer': {
    ...SILENT,
    host: 'upgrades.test',
    lines: ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: a'],
  },
};

/** An exchange of this kind, of whom the token names, that has begun. */
async function begin(kind: Lasting, path: string, token: string, url = proxy.url) {
  const { head = 'GET PATH HTTP/1.1', host = 'plain.test', lines = [], body = '' } = kind;
  const own = [`Host: ${host}`, `Authorization: Pomerium ${token}`, `X-Begin: ${kind.begin}`];
  const client = converse(url, [head.replace('PATH', path), ...own, ...lines, '', body].join('\r\n'));
  await eventually(() => {
    expect(socketOf.has(path)).toBe(true);
    expect(client.heard()).toMatch(kind.begun);
  });
  return { ...client, upstream: socketOf.get(path) as Socket };
}

const isClosed = (socket: Socket): boolean => socket.destroyed || socket.readableEnded;
/** Lets time pass in which all that lasts is looked at, until `check` holds. */
const afterLooks = (check: () => void) =>
  eventually(async () => {
    await vi.advanceTimersByTimeAsync(10_000);
    check();
  });
const lineOf = (path: string, from = proxy) =>
  eventually(() => {
    const lines = from.takeLines().filter((line) => line['path'] === path);
    expect(lines).toHaveLength(1);
    return lines[0];
  });

describe('a credential that is revoked ends what lasts, and nobody else’s', () => {
  test.each(Object.entries(KINDS))('%s', async (name, kind) => {
    const at = `/${Object.keys(KINDS).indexOf(name)}`;
    const revoked = await proxy.createServiceAccount(`leaver${at.slice(1)}`);
    const leaver = await begin(kind, `${at}/leaver`, revoked);
    const twin = await begin(kind, `${at}/twin`, account);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(isClosed(leaver.upstream)).toBe(false);

    proxy.revokeServiceAccount(`leaver${at.slice(1)}`);
    await afterLooks(() => expect(isClosed(leaver.upstream)).toBe(true));
    const told = { error: 'credential-invalid', reasons: ['revoked'] };
    if (kind.begin === 'nothing') {
      await eventually(() => expect(leaver.heard()).toMatch(/^HTTP\/1\.1 401 .*\r\n\r\n\{.*\}\n$/s));
      expect(JSON.parse(leaver.heard().split('\r\n\r\n')[1] ?? '')).toMatchObject({ status: 401, ...told });
    } else {
      await eventually(() => expect(leaver.socket.destroyed).toBe(true));
      expect(leaver.socket.errored).toMatchObject({ code: 'ECONNRESET' });
      expect(leaver.heard()).toMatch(kind.begun);
    }
    const status = kind.begin === 'nothing' ? 401 : 200;
    expect(await lineOf(`${at}/leaver`)).toMatchObject({ status, caller: `leaver${at.slice(1)}`, ...told });

    await vi.advanceTimersByTimeAsync(20_000);
    expect(isClosed(twin.upstream)).toBe(false);
    twin.upstream.end(kind.rest);
    await eventually(() => expect(twin.heard()).toMatch(kind.whole));
    expect(await lineOf(`${at}/twin`)).toMatchObject({ status: 200, allow: true, error: null });
    leaver.socket.destroy();
    twin.socket.destroy();
  });

  test('one whose client does not read what came', async () => {
    const revoked = await proxy.createServiceAccount('sleeper');
    const { socket, upstream: other } = await begin(STREAM, '/sleeper', revoked);
    socket.pause();
    const chunk = `fffff\r\n${'x'.repeat(0xfffff)}\r\n`;
    for (let i = 0; i < 30; i += 1) other.write(chunk);
    await eventually(() => expect(other.writableLength).toBeGreaterThan(1_000_000));
    proxy.revokeServiceAccount('sleeper');
    await afterLooks(() => expect(isClosed(other)).toBe(true));
    expect(await lineOf('/sleeper')).toMatchObject({ status: 200, error: 'credential-invalid' });
    socket.destroy();
  });
});

test('a credential that ends by its time ends what lasts', async () => {
  const { socket } = await begin(STREAM, '/brief', await proxy.createServiceAccount('brief'));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(socket.destroyed).toBe(false);
  const later = Date.now() + 7200_000;
  using _clock = vi.spyOn(Date, 'now').mockReturnValue(later);
  await afterLooks(() => expect(socket.destroyed).toBe(true));
  expect(await lineOf('/brief')).toMatchObject({ status: 200, error: 'credential-invalid', reasons: ['expired'] });
});

describe('a reload', () => {
  test('ends what it would not let in, and leaves the rest to the upstream that it has', async () => {
    await using own = await startProxy(CONFIG());
    const token = await own.createServiceAccount('stays');
    const goes = await begin({ ...STREAM, host: 'upgrades.test' }, '/goes', token, own.url);
    const waits = await begin({ ...SILENT, host: 'upgrades.test' }, '/waits', token, own.url);
    const stays = await begin(STREAM, '/stays', token, own.url);
    const policy = [{ allow: { or: [{ user: { is: 'somebody-else' } }] } }];
    const refusing = route('upgrades', { allow_any_authenticated_user: undefined, policy });
    await own.reload({ routes: [route('plain', { to: 'http://127.0.0.1:1' }), refusing] });
    own.takeLines();
    await afterLooks(() => expect([goes, waits].map((each) => isClosed(each.upstream))).toEqual([true, true]));
    await eventually(() => expect(waits.heard()).toMatch(/^HTTP\/1\.1 403 .*"error":"decision-changed"/s));
    expect(
      own.takeLines().map(({ path, status, error, reasons, detail }) => [path, status, error, reasons, detail]),
    ).toEqual(
      expect.arrayContaining([
        ['/goes', 200, 'decision-changed', ['judged-again'], 'judged again, it may not go on: user-unauthorized'],
        ['/waits', 403, 'decision-changed', ['judged-again'], 'judged again, it may not go on: user-unauthorized'],
      ]),
    );
    await vi.advanceTimersByTimeAsync(20_000);
    stays.upstream.write(STREAM.rest);
    await eventually(() => expect(stays.heard()).toMatch(STREAM.whole));
    waits.socket.destroy();
    stays.socket.destroy();
  });

  test('that takes a route away ends what lasts on it', async () => {
    await using own = await startProxy(CONFIG());
    const { socket } = await begin(STREAM, '/taken', await own.createServiceAccount('any'), own.url);
    await own.reload({ routes: [route('upgrades')] });
    own.takeLines();
    await afterLooks(() => expect(socket.destroyed).toBe(true));
    expect(await lineOf('/taken', own)).toMatchObject({ status: 200, route: 'plain', error: 'decision-changed' });
  });
});

test('a decision log has its first decision alone', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'behalf-lasting-'));
  const file = join(folder.path, 'decisions.jsonl');
  await using own = await startProxy({ ...CONFIG(), decision_log: file });
  const { socket } = await begin(STREAM, '/recorded', await own.createServiceAccount('any'), own.url);
  await vi.advanceTimersByTimeAsync(20_000);
  own.revokeServiceAccount('any');
  await afterLooks(() => expect(socket.destroyed).toBe(true));
  await own.close();
  expect((await readFile(file, 'utf8')).split('\n').map((line) => line.includes('"/recorded"'))).toEqual([true, false]);
});

test('a proxy that drains lets it go on, and judges it again all the same', async () => {
  await using own = await startProxy(CONFIG());
  const token = await own.createServiceAccount('any');
  const { socket, heard, upstream: other } = await begin(STREAM, '/drained', token, own.url);
  const closed = own.close(600_000);
  other.write('5\r\nlater\r\n');
  await eventually(() => expect(heard()).toMatch(/later\r\n$/));
  own.revokeServiceAccount('any');
  await afterLooks(() => expect(socket.destroyed).toBe(true));
  await closed;
});
