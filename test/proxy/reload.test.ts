import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { oneAtATime } from '../../src/one-at-a-time.ts';
import { eventually } from '../support/eventually.ts';
import { startRecorder } from '../support/start-recorder.ts';
import { converse } from './converse.ts';
import { startProxy } from './start-proxy.ts';
import { startRawUpstream } from './start-raw-upstream.ts';
import { startWebsocketUpstream } from './start-websocket-upstream.ts';

const OPEN = { allow_public_unauthenticated_access: true };

async function get(url: string, path: string, agent: Agent | false = false): Promise<string> {
  const [answer] = (await once(request(url + path, { agent, headers: { host: 'a.test' } }).end(), 'response')) as [
    IncomingMessage,
  ];
  return `${answer.statusCode} ${await text(answer)}`;
}

describe('a reload', () => {
  test('serves what begins after it, and leaves what began before to the old', async () => {
    const released = Promise.withResolvers<void>();
    await using one = await startRecorder(async (_, response) => {
      await released.promise;
      response.end('one');
    });
    await using two = await startRecorder((_, response) => response.end('two'));
    const to = (url: string, more: object = {}) => ({ routes: [{ ...OPEN, from: 'http://a.test', to: url, ...more }] });
    await using proxy = await startProxy(to(one.url));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await get(proxy.url, '/ping', agent)).toBe('200 OK\n');
    const running = get(proxy.url, '/');
    await eventually(() => expect(one.requests).toHaveLength(1));

    await proxy.reload(to(two.url, { set_response_headers: { 'x-reloaded': 'yes' } }));
    // On a connection of before, too.
    expect(await get(proxy.url, '/', agent)).toBe('200 two');
    released.resolve();
    expect(await running).toBe('200 one');
    expect(proxy.takeLines().map(({ message }) => message)).toContain('reloaded');
    agent.destroy();
  });

  test('that is refused tells every problem, and changes nothing', async () => {
    await using one = await startRecorder((_, response) => response.end('one'));
    const route = { ...OPEN, from: 'http://a.test', to: one.url };
    await using proxy = await startProxy({ routes: [route] });
    proxy.takeLines();
    await proxy.reload({ routes: [{ ...route, too: 1 }], adress: 'x' });
    expect(proxy.takeLines().map(({ level, message }) => `${level} ${message}`)).toEqual([
      'info reloading',
      expect.stringMatching(/^error .*behalf\.yaml:\d+:\d+: unknown key "(?:too|adress)"/),
      expect.stringMatching(/^error .*behalf\.yaml:\d+:\d+: unknown key "(?:too|adress)"/),
      'error reload refused: the configuration before it stays',
    ]);
    await proxy.reload({
      routes: [{ from: 'http://a.test', to: one.url, policy: [{ allow: { or: [{ domian: 'x' }] } }] }],
    });
    expect(proxy.takeLines()[1]).toMatchObject({ level: 'error', message: expect.stringContaining('domian') });
    expect(await get(proxy.url, '/')).toBe('200 one');
    await proxy.reload({ routes: [{ ...route, prefix: '/only' }] });
    expect(await get(proxy.url, '/')).toMatch(/^404 /);
  });

  test('fails no request, however often it comes', async () => {
    await using upstream = await startRecorder((message, response) => response.end(message.url));
    const configure = (round: number) => ({
      routes: [{ ...OPEN, from: 'http://a.test', to: upstream.url, set_response_headers: { 'x-round': `${round}` } }],
    });
    await using proxy = await startProxy(configure(0));
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    let isOver = false;
    let answered = 0;
    const ask = async () => {
      while (!isOver) {
        const path = `/${answered}`;
        expect(await get(proxy.url, path, agent)).toBe(`200 ${path}`);
        answered += 1;
      }
    };
    const load = Promise.all(Array.from({ length: 8 }, ask));
    for (let round = 1; round <= 5; round += 1) {
      await proxy.reload(configure(round));
      // Requests go on meanwhile, however quick the reload and slow the machine.
      await eventually(() => expect(answered).toBeGreaterThan(10 * round));
    }
    isOver = true;
    await load;
    expect(answered).toBeGreaterThan(50);
    expect(proxy.takeLines().filter(({ message }) => message === 'reloaded')).toHaveLength(5);
    agent.destroy();
  });

  test('closes old connections to upstreams when the last request of theirs has ended, an upgraded one too', async () => {
    await using chat = await startWebsocketUpstream();
    await using plain = await startRawUpstream((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    );
    const config = {
      routes: [
        { ...OPEN, allow_websockets: true, from: 'http://chat.test', to: chat.url },
        { ...OPEN, from: 'http://a.test', to: plain.url },
      ],
    };
    await using proxy = await startProxy(config);
    expect(await get(proxy.url, '/')).toBe('200 ok');
    const client = converse(
      proxy.url,
      'GET / HTTP/1.1\r\nHost: chat.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\n',
    );
    await eventually(() => expect(client.heard()).toMatch(/^HTTP\/1\.1 101/));
    await proxy.reload(config);
    client.socket.write('still here');
    await eventually(() => expect(client.heard()).toMatch(/still here$/));
    expect(plain.sockets.map((socket) => socket.readableEnded)).toEqual([false]);
    client.socket.destroy();
    await eventually(() =>
      expect(plain.sockets.map((socket) => socket.readableEnded || socket.destroyed)).toEqual([true]),
    );
  });
});

describe('oneAtATime', () => {
  test('runs once more after what runs, however often it was asked', async () => {
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
    let begun = 0;
    const run = oneAtATime(async () => {
      begun += 1;
      await gates[begun - 1]?.promise;
    });
    const first = run();
    const [second, third] = [run(), run()];
    expect(begun).toBe(1);
    gates[0]?.resolve();
    await first;
    await eventually(() => expect(begun).toBe(2));
    const fourth = run();
    gates[1]?.resolve();
    await Promise.all([second, third]);
    await eventually(() => expect(begun).toBe(3));
    gates[2]?.resolve();
    await fourth;
    expect(begun).toBe(3);
    const fifth = run();
    gates[3]?.resolve();
    await fifth;
    expect(begun).toBe(4);
  });
});
