import { once } from 'node:events';
import { type IncomingMessage, request as openRequest } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { sendRaw } from '../support/send-raw.ts';
import { startRecorder, valuesOf } from '../support/start-recorder.ts';
import { converse } from './converse.ts';
import { startForwarder } from './start-forwarder.ts';
import { startRawUpstream } from './start-raw-upstream.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const answering = (answer: string) =>
  startRawUpstream((socket, text) => {
    if (text.includes('\r\n\r\n')) {
      socket.write(answer, 'latin1');
    }
  });

describe('framing', () => {
  const BODIES = {
    none: ['', '', /^(?!.*(?:content-length: [1-9]|transfer-encoding)).*\r\n\r\n$/s],
    'an empty length': ['Content-Length: 0\r\n', '', /^(?!.*(?:content-length: [1-9]|transfer-encoding)).*\r\n\r\n$/s],
    'a length': ['Content-Length: 5\r\n', 'hello', /\r\ncontent-length: 5\r\n\r\nhello$/],
    'a length with zeros before': ['Content-Length: 005\r\n', 'hello', /\r\ncontent-length: 5\r\n\r\nhello$/],
    chunks: [
      'Transfer-Encoding: chunked\r\n',
      '3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nX-Trailer: 1\r\n\r\n',
      /\r\n(?:content-length: 5\r\n\r\nhello|transfer-encoding: chunked\r\n\r\n(?:3\r\nhel\r\n2\r\nlo|5\r\nhello)\r\n0\r\n\r\n)$/,
    ],
    'no chunks': [
      'Transfer-Encoding: chunked\r\n',
      '0\r\n\r\n',
      /^(?!.*(?:content-length: [1-9]|transfer-encoding)).*\r\n\r\n$/s,
    ],
  } as const;
  const cases = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'PURGE'].flatMap((method) =>
    Object.entries(BODIES).map(([name, [header, body, seen]]) => [method, name, header, body, seen] as const),
  );

  test.each(cases)('%s with %s: the upstream reads exactly one request', async (method, _, header, body, seen) => {
    await using upstream = await answering(OK);
    await using forwarder = await startForwarder([upstream.url]);
    const answer = await sendRaw(
      forwarder.url,
      `${method} /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${header}\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(upstream.received()).toMatch(seen);
    expect(upstream.received()).toMatch(new RegExp(`^${method} /x HTTP/1.1\r\n`));
    expect(upstream.received().match(/ HTTP\/1\.1\r\n/g)).toHaveLength(1);
    expect(upstream.received()).not.toContain('X-Trailer');
  });

  test('a body that looks like a request stays a body, on a kept-alive connection too', async () => {
    await using upstream = await startRecorder();
    await using forwarder = await startForwarder([upstream.url]);
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n';
    const last = 'GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n';
    const bodies = [
      `Transfer-Encoding: chunked\r\n\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
      `Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
    ];
    for (const method of ['DELETE', 'OPTIONS', 'GET', 'POST']) {
      for (const body of bodies) await sendRaw(forwarder.url, `${method} /a HTTP/1.1\r\nHost: h\r\n${body}${last}`);
    }
    expect(upstream.requests.filter(({ url }) => url === '/last')).toHaveLength(8);
    const others = upstream.requests.filter(({ url }) => url !== '/last');
    expect(others.map(({ url, body }) => [url, body.toString()])).toEqual(Array(8).fill(['/a', hidden]));
  });

  const ANSWERS = {
    'a length': ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', /content-length: 2\r\n.*\r\n\r\nok$/is],
    chunks: [
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      /transfer-encoding: chunked\r\n.*\r\n2\r\nok\r\n0\r\n\r\n$/is,
    ],
    trailers: [
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-T: \xe9\r\nX-Pomerium-Claim-A: 1\r\n\r\n',
      /\r\n\r\n2\r\nok\r\n0\r\nx-t: \xe9\r\n\r\n$/s,
    ],
    '204': [
      'HTTP/1.1 204 No Content\r\n\r\n',
      /^HTTP\/1\.1 204 No Content\r\n(?!.*(?:content-length|transfer-encoding)).*\r\n\r\n$/is,
    ],
    '304': [
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nETag: "x"\r\n\r\n',
      /^HTTP\/1\.1 304 Not Modified\r\n.*etag: "x"\r\n.*\r\n\r\n$/is,
    ],
    'early hints': [
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      /^HTTP\/1\.1 200 OK\r\n(?!.*link).*\r\n\r\nok$/is,
    ],
    'a phrase of its own': ['HTTP/1.1 299 Just So\r\nContent-Length: 0\r\n\r\n', /^HTTP\/1\.1 299 Just So\r\n/],
    'a phrase that is not ASCII': ['HTTP/1.1 200 Gr\xfc\xdfe\r\nContent-Length: 0\r\n\r\n', /^HTTP\/1\.1 200 OK\r\n/],
    'bytes beyond ASCII': [
      'HTTP/1.1 200 OK\r\nX-A: \xc3\xa9\xff\r\nContent-Length: 0\r\n\r\n',
      /\r\nx-a: \xc3\xa9\xff\r\n/,
    ],
    'two cookies': [
      'HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n',
      /\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n/,
    ],
  } as const;
  test.each(Object.entries(ANSWERS))('an answer with %s', async (_, [answer, seen]) => {
    await using upstream = await answering(answer);
    await using forwarder = await startForwarder([upstream.url]);
    expect(await sendRaw(forwarder.url, 'GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')).toMatch(seen);
  });

  test('an answer to HEAD keeps its length and has no body', async () => {
    await using upstream = await answering('HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n');
    await using forwarder = await startForwarder([upstream.url]);
    const answer = await sendRaw(forwarder.url, 'HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/content-length: 7\r\n.*\r\n\r\n$/is);
  });

  test('bytes of request headers beyond ASCII arrive as they were', async () => {
    await using upstream = await answering(OK);
    await using forwarder = await startForwarder([upstream.url]);
    await sendRaw(forwarder.url, 'GET / HTTP/1.1\r\nHost: h\r\nX-A: \xc3\xa9\xff\r\nConnection: close\r\n\r\n');
    expect(upstream.received()).toContain('x-a: \xc3\xa9\xff\r\n');
  });
});

describe('streaming', () => {
  test('each side sees the first bytes before the other has sent its last', async () => {
    await using upstream = await startRawUpstream((socket, text) => {
      if (text.endsWith('ping')) {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npong\r\n');
      } else if (text.endsWith('0\r\n\r\n')) {
        socket.write('0\r\n\r\n');
      }
    });
    await using forwarder = await startForwarder([upstream.url]);
    const client = converse(
      forwarder.url,
      'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nping\r\n',
    );
    await eventually(() => expect(client.heard()).toMatch(/pong\r\n$/));
    client.socket.write('0\r\n\r\n');
    await eventually(() => expect(client.heard()).toMatch(/0\r\n\r\n$/));
  });

  test('the head of an answer does not wait for its body', async () => {
    await using upstream = await startRecorder((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
    });
    await using forwarder = await startForwarder([upstream.url]);
    const asked = openRequest(forwarder.url, { agent: false }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(answer.headers['content-type']).toBe('text/event-stream');
    asked.on('error', () => {}).destroy();
  });

  test('a client that does not read stops the upstream', async () => {
    const total = 256 * 1024 * 1024;
    let written = 0;
    await using upstream = await startRecorder(async (_, response) => {
      response.writeHead(200, { 'content-length': total });
      const chunk = Buffer.alloc(1024 * 1024);
      for (; written < total && !response.destroyed; written += chunk.length) {
        if (!response.write(chunk)) {
          await Promise.race([once(response, 'drain'), once(response, 'close')]);
        }
      }
    });
    await using forwarder = await startForwarder([upstream.url]);
    const client = converse(forwarder.url, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    client.socket.pause();
    await eventually(async () => {
      const before = written;
      await sleep(500);
      expect(before).toBeGreaterThan(0);
      expect(written).toBe(before);
    });
    expect(written).toBeLessThan(64 * 1024 * 1024);
    client.socket.destroy();
  });

  test('an upstream that does not read stops the client', async () => {
    await using upstream = await startRawUpstream((socket) => socket.pause());
    await using forwarder = await startForwarder([upstream.url]);
    const client = converse(forwarder.url, 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 268435456\r\n\r\n');
    const chunk = Buffer.alloc(1024 * 1024);
    let sent = 0;
    while (sent < 64 * chunk.length && client.socket.write(chunk)) {
      sent += chunk.length;
    }
    for (let silent = false; !silent && sent < 64 * chunk.length; sent += chunk.length) {
      silent = (await Promise.race([once(client.socket, 'drain'), sleep(500)])) === undefined;
      client.socket.write(chunk);
    }
    expect(sent).toBeLessThan(64 * chunk.length);
    client.socket.destroy();
  });
});

describe('a client that goes away', () => {
  const PHASES = {
    'before the answer begins': ['GET / HTTP/1.1\r\nHost: h\r\n\r\n', ''],
    'in the middle of its request': ['POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf', ''],
    'in the middle of the answer': [
      'GET / HTTP/1.1\r\nHost: h\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf',
    ],
    'with a second request behind the first': [
      'GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n',
      '',
    ],
  } as const;
  const RESETS = {
    'by FIN': (socket: Socket) => socket.destroy(),
    'by RST': (socket: Socket) => socket.resetAndDestroy(),
  };
  const cases = Object.entries(PHASES).flatMap(([phase, texts]) =>
    Object.entries(RESETS).map(([how, reset]) => [phase, how, texts, reset] as const),
  );

  test.each(cases)('%s, %s: the upstream’s connection is closed', async (_, _how, [request, answer], reset) => {
    await using upstream = await answering(answer);
    await using forwarder = await startForwarder([upstream.url]);
    const requests = request.split(' HTTP/').length - 1;
    const client = converse(forwarder.url, request);
    await eventually(() => expect(upstream.received().split(' HTTP/')).toHaveLength(requests + 1));
    if (answer !== '') {
      await eventually(() => expect(client.heard()).toMatch(/half$/));
    }
    reset(client.socket);
    await eventually(() =>
      expect(upstream.sockets.every((socket) => socket.destroyed || socket.readableEnded)).toBe(true),
    );
    await eventually(() =>
      expect(forwarder.failures.map(({ error }) => error)).toEqual(Array(requests).fill('client-gone')),
    );
  });
});

describe('an upstream that fails', () => {
  const FAILURES = {
    'closes without a word': [(socket: Socket) => socket.end(), 502, 'upstream-unreachable'],
    resets: [(socket: Socket) => socket.resetAndDestroy(), 502, 'upstream-unreachable'],
    'speaks no HTTP': [(socket: Socket) => socket.write('SSH-2.0-OpenSSH\r\n'), 502, 'upstream-protocol'],
    'switches protocols unasked': [
      (socket: Socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      502,
      'upstream-protocol',
    ],
    'says continue unasked': [
      (socket: Socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
      502,
      'upstream-protocol',
    ],
    'gives two lengths': [
      (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'),
      502,
      'upstream-protocol',
    ],
    'gives a length and a coding': [
      (socket: Socket) =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
      502,
      'upstream-protocol',
    ],
    'gives headers without end': [
      (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(100_000)}`),
      502,
      'upstream-protocol',
    ],
    'folds a header': [
      (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n'),
      502,
      'upstream-protocol',
    ],
    'is too slow': [() => {}, 504, 'upstream-timeout'],
  } as const;

  test.each(Object.entries(FAILURES))('%s', async (_, [act, status, error]) => {
    await using upstream = await startRawUpstream(act);
    // Whoever is slow on purpose is not waited for; whom the machine makes slow is.
    const timeoutMs = status === 504 ? 300 : 10_000;
    await using forwarder = await startForwarder([upstream.url], { limits: { timeoutMs, idleTimeoutMs: 0 } });
    const answer = await fetch(forwarder.url);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ status, error, request_id: 'request' });
    await eventually(() =>
      expect(upstream.sockets.every((socket) => socket.destroyed || socket.readableEnded)).toBe(true),
    );
  });

  test('is not there', async () => {
    await using forwarder = await startForwarder(['http://127.0.0.1:1']);
    expect((await fetch(forwarder.url)).status).toBe(502);
    expect((await fetch(forwarder.url, { method: 'POST', body: 'x'.repeat(300_000) })).status).toBe(502);
  });

  const HALVES = {
    'a length': 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf',
    chunks: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    'a bad chunk': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n',
  } as const;
  test.each(Object.entries(HALVES))('in the middle of an answer with %s: the client can tell', async (_, half) => {
    await using upstream = await answering(half);
    await using forwarder = await startForwarder([upstream.url]);
    const client = await fetch(forwarder.url);
    upstream.sockets[0]?.destroy();
    await expect(client.text()).rejects.toThrow('terminated');
    expect(forwarder.failures).toHaveLength(1);
  });

  test('in the middle of an answer: HTTP/1.0, which has no other sign, sees a reset', async () => {
    await using upstream = await answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n');
    await using forwarder = await startForwarder([upstream.url]);
    const client = converse(forwarder.url, 'GET / HTTP/1.0\r\nHost: h\r\n\r\n');
    await eventually(() => expect(client.heard()).toMatch(/half$/));
    const failed = once(client.socket, 'error');
    upstream.sockets[0]?.destroy();
    expect(await failed).toEqual([expect.objectContaining({ code: 'ECONNRESET' })]);
  });

  test('too slow in the middle of an answer', async () => {
    await using upstream = await answering('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    await using forwarder = await startForwarder([upstream.url], { limits: { timeoutMs: 2000, idleTimeoutMs: 0 } });
    const answer = await fetch(forwarder.url);
    await expect(answer.text()).rejects.toThrow('terminated');
    expect(forwarder.failures).toMatchObject([{ error: 'upstream-timeout' }]);
  });

  test('answers before it has read all: the client hears it, and its next request passes', async () => {
    await using upstream = await startRawUpstream((socket, text) => {
      if (text.startsWith('POST')) {
        socket.end('HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig');
      } else {
        socket.write(OK);
      }
    });
    await using forwarder = await startForwarder([upstream.url]);
    const client = converse(
      forwarder.url,
      `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\n${'x'.repeat(1000)}`,
    );
    await eventually(() => expect(client.heard()).toMatch(/413 Content Too Large\r\n.*big$/s));
    client.socket.write('x'.repeat(4_999_000));
    client.socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    await eventually(() => expect(client.heard()).toMatch(/ok$/));
    client.socket.destroy();
  });

  test('closes an idle connection: the next request has a new one', async () => {
    await using upstream = await answering(OK);
    await using forwarder = await startForwarder([upstream.url]);
    expect((await fetch(forwarder.url, { method: 'POST' })).status).toBe(200);
    upstream.sockets[0]?.destroy();
    expect((await fetch(forwarder.url, { method: 'POST' })).status).toBe(200);
    expect(upstream.sockets).toHaveLength(2);
  });

  test('is never sent a request twice', async () => {
    let connections = 0;
    await using upstream = await startRawUpstream((socket, text) => {
      connections += 1;
      if (text.split(' HTTP/1.1\r\n').length === 2 && connections === 1) {
        socket.write(OK);
      } else {
        socket.resetAndDestroy();
      }
    });
    await using forwarder = await startForwarder([upstream.url]);
    expect((await fetch(forwarder.url)).status).toBe(200);
    expect((await fetch(forwarder.url)).status).toBe(502);
    expect(upstream.received().split(' HTTP/1.1\r\n')).toHaveLength(3);
  });
});

describe('limits', () => {
  const SLOW = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf';

  test.each([
    ['the whole', { timeoutMs: 1500, idleTimeoutMs: 0 }],
    ['silence', { timeoutMs: 0, idleTimeoutMs: 1500 }],
  ])('of %s: a client that does not go on is told so, and its connection ends', async (_, limits) => {
    await using upstream = await startRawUpstream(() => {});
    await using forwarder = await startForwarder([upstream.url], { limits });
    const client = converse(forwarder.url, SLOW);
    await once(client.socket, 'close');
    expect(client.heard()).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n.*"request-timeout"/s);
    expect(forwarder.failures).toMatchObject([{ error: 'request-timeout' }]);
    await eventually(() =>
      expect(upstream.sockets.every((socket) => socket.destroyed || socket.readableEnded)).toBe(true),
    );
  });

  test('an upstream that does not read is the one that took too long', async () => {
    await using upstream = await startRawUpstream((socket) => socket.pause());
    await using forwarder = await startForwarder([upstream.url], { limits: { timeoutMs: 3000, idleTimeoutMs: 0 } });
    const client = converse(forwarder.url, 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 268435456\r\n\r\n');
    client.socket.write(Buffer.alloc(64 * 1024 * 1024));
    await eventually(() =>
      expect(forwarder.failures).toEqual([
        { error: 'upstream-timeout', reasons: [], detail: 'the upstream did not answer within the timeout of 3s' },
      ]),
    );
    client.socket.destroy();
  });

  test('of silence: does not end what goes on in either direction', async () => {
    await using upstream = await startRawUpstream(async (socket, text) => {
      if (!text.endsWith('0123456789')) return;
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n');
      for (const byte of 'again') {
        await sleep(600);
        socket.write(byte);
      }
    });
    await using forwarder = await startForwarder([upstream.url], { limits: { timeoutMs: 0, idleTimeoutMs: 2500 } });
    const client = converse(forwarder.url, SLOW.slice(0, -4));
    for (const byte of '0123456789') {
      client.socket.write(byte);
      await sleep(300);
    }
    await eventually(() => expect(client.heard()).toMatch(/again$/));
    client.socket.destroy();
  });

  const ENDED = {
    'silence: an answer that stops': [
      { timeoutMs: 0, idleTimeoutMs: 2000 },
      'nothing was sent or taken for the idle_timeout of 2s',
    ],
    'the whole: an answer that goes on': [
      { timeoutMs: 3000, idleTimeoutMs: 0 },
      'the exchange took longer than its timeout of 3s',
    ],
  } as const;
  test.each(Object.entries(ENDED))('of %s is ended, and the log names the limit', async (_, [limits, detail]) => {
    await using upstream = await answering('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    await using forwarder = await startForwarder([upstream.url], { limits });
    await expect(fetch(forwarder.url).then((answer) => answer.text())).rejects.toThrow('terminated');
    expect(forwarder.failures).toEqual([{ error: 'upstream-timeout', reasons: [], detail }]);
  });

  test('of silence: an upstream that says nothing did not answer', async () => {
    await using upstream = await answering('');
    await using forwarder = await startForwarder([upstream.url], { limits: { timeoutMs: 0, idleTimeoutMs: 1000 } });
    expect((await fetch(forwarder.url)).status).toBe(504);
    expect(forwarder.failures).toMatchObject([{ detail: 'the upstream did not answer within the idle_timeout of 1s' }]);
  });
});

describe('Expect: 100-continue', () => {
  const HEAD = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n';

  test('is met when the upstream is there, and does not go on', async () => {
    await using upstream = await startRecorder();
    await using forwarder = await startForwarder([upstream.url]);
    const client = converse(forwarder.url, HEAD);
    await eventually(() => expect(client.heard()).toBe('HTTP/1.1 100 Continue\r\n\r\n'));
    client.socket.write('body');
    await eventually(() => expect(client.heard()).toMatch(/recorded$/));
    const [seen] = upstream.requests;
    expect(seen?.body.toString()).toBe('body');
    expect(valuesOf(seen ?? { rawHeaders: [] }, 'expect')).toEqual([]);
  });

  test('is not met where the upstream is not there', async () => {
    await using forwarder = await startForwarder(['http://127.0.0.1:1']);
    expect(await sendRaw(forwarder.url, HEAD)).toMatch(/^HTTP\/1\.1 502 .*connection: close/is);
  });

  test('is no concern of HTTP/1.0', async () => {
    await using upstream = await startRecorder();
    await using forwarder = await startForwarder([upstream.url]);
    const answer = await sendRaw(forwarder.url, `${HEAD.replace('HTTP/1.1', 'HTTP/1.0')}body`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*recorded$/s);
  });
});

test('several upstreams take turns', async () => {
  await using one = await startRecorder((_, response) => response.end('one'));
  await using two = await startRecorder((_, response) => response.end('two'));
  await using forwarder = await startForwarder([one.url, two.url]);
  const answers: string[] = [];
  for (let i = 0; i < 4; i++) {
    answers.push(await (await fetch(forwarder.url)).text());
  }
  expect(answers).toEqual(['one', 'two', 'one', 'two']);
});

test('many at once, each gets its own answer', async () => {
  await using upstream = await startRecorder((request, response) => response.end(request.url));
  await using forwarder = await startForwarder([upstream.url]);
  const urls = Array.from({ length: 200 }, (_, i) => `/${i}`);
  const get = async (url: string) => {
    const [answer] = (await once(openRequest(forwarder.url + url).end(), 'response')) as [IncomingMessage];
    return Buffer.concat(await answer.toArray()).toString();
  };
  expect(await Promise.all(urls.map(get))).toEqual(urls);
});
