import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { type Certificate, makeCertificate } from '../support/make-certificate.ts';
import { sendRaw } from '../support/send-raw.ts';
import { type Recorder, startRecorder, valuesOf } from '../support/start-recorder.ts';
import { converse } from './converse.ts';
import { type StartedProxy, startProxy } from './start-proxy.ts';
import { startRawUpstream } from './start-raw-upstream.ts';
import { startWebsocketUpstream } from './start-websocket-upstream.ts';

const OPEN = { allow_public_unauthenticated_access: true };

describe('the proxy’s own TLS', () => {
  let own: Certificate;
  let upstream: Recorder;
  let proxy: StartedProxy;
  const configure = ({ certificate, key }: Certificate, more: readonly object[] = []) => ({
    certificate,
    certificate_key: key,
    routes: [{ ...OPEN, from: 'https://open.test', to: upstream.url }, ...more],
  });

  beforeAll(async () => {
    own = await makeCertificate('open.test', '127.0.0.1');
    upstream = await startRecorder();
    proxy = await startProxy(configure(own));
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  });

  async function get(path: string, options: RequestOptions = {}): Promise<readonly [IncomingMessage, string]> {
    const sent = request(proxy.url + path, {
      ca: own.certificate,
      agent: false,
      headers: { host: 'open.test' },
      ...options,
    });
    const [answer] = (await once(sent.end(), 'response')) as [IncomingMessage];
    return [answer, await text(answer)];
  }

  test('serves by the certificate, and says so to upstreams and at the well-known URL', async () => {
    expect(proxy.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const [answer, body] = await get('/a');
    expect([answer.statusCode, body]).toEqual([200, 'recorded']);
    expect(answer.headers['strict-transport-security']).toMatch(/^max-age=/);
    const [seen] = upstream.requests;
    expect(valuesOf(seen ?? { rawHeaders: [] }, 'x-forwarded-proto')).toEqual(['https']);
    const [, known] = await get('/.well-known/pomerium');
    expect(JSON.parse(known)).toMatchObject({ jwks_uri: 'https://open.test/.well-known/pomerium/jwks.json' });
  });

  const VERSIONS = { 'TLSv1.2': true, 'TLSv1.3': true, 'TLSv1.1': false, TLSv1: false } as const;
  test.each(Object.entries(VERSIONS))('%s: %s', async (version, isTaken) => {
    const options = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' } as RequestOptions;
    const outcome = await get('/ping', options).then(
      ([{ statusCode }]) => statusCode,
      (error) => error.message,
    );
    expect(String(outcome)).toMatch(isTaken ? /^200$/ : /alert protocol version/);
  });

  test.each([
    [['http/1.1'], 'http/1.1'],
    [['h2', 'http/1.1'], 'http/1.1'],
    [[], false],
  ])('of the protocols %j it speaks %s', async (ALPNProtocols, spoken) => {
    const socket = connectTls({
      host: '127.0.0.1',
      port: Number(new URL(proxy.url).port),
      ca: own.certificate,
      ALPNProtocols,
    });
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe(spoken);
    socket.destroy();
  });

  test('with HTTP/2 alone it does not shake hands', async () => {
    const socket = connectTls({
      host: '127.0.0.1',
      port: Number(new URL(proxy.url).port),
      ca: own.certificate,
      ALPNProtocols: ['h2'],
    });
    const [error] = await once(socket, 'error');
    expect(error).toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' });
  });

  test('what is no TLS is cut, and the next client is served', async () => {
    proxy.takeLines();
    for (const bytes of ['GET / HTTP/1.1\r\nHost: open.test\r\n\r\n', '\x16\x03\x01\xff\xff', '\0'.repeat(100)]) {
      expect(await sendRaw(proxy.url.replace('https', 'http'), bytes)).not.toContain('HTTP');
    }
    const reset = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    await once(reset, 'connect');
    reset.resetAndDestroy();
    expect(proxy.takeLines()).toEqual([]);
    expect((await get('/ping'))[1]).toBe('OK\n');
  });

  test('half an answer ends without close_notify, so that it is not taken for the whole', async () => {
    await using broken = await startRawUpstream((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'),
    );
    await proxy.reload(configure(own, [{ ...OPEN, from: 'https://broken.test', to: broken.url }]));
    const client = converse(proxy.url, 'GET / HTTP/1.1\r\nHost: broken.test\r\n\r\n', { ca: own.certificate });
    await eventually(() => expect(client.heard()).toMatch(/half\r\n$/));
    broken.sockets[0]?.destroy();
    await once(client.socket, 'close');
    expect(client.heard()).not.toMatch(/0\r\n\r\n$/);
  });

  test('a WebSocket passes', async () => {
    await using chat = await startWebsocketUpstream();
    await proxy.reload(configure(own, [{ ...OPEN, allow_websockets: true, from: 'https://chat.test', to: chat.url }]));
    const client = converse(
      proxy.url,
      'GET / HTTP/1.1\r\nHost: chat.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\nearly',
      { ca: own.certificate },
    );
    await eventually(() => expect(client.heard()).toMatch(/^HTTP\/1\.1 101 .*\r\n\r\nearly$/s));
    client.socket.write('later');
    await eventually(() => expect(client.heard()).toMatch(/earlylater$/));
    client.socket.end();
    await eventually(() => expect(chat.sockets.every((socket) => socket.destroyed || socket.readableEnded)).toBe(true));
  });

  test('another certificate is taken at a reload by new connections, while the others go on', async () => {
    const subjectOf = (socket: TLSSocket) => socket.getPeerX509Certificate()?.fingerprint256;
    const open = async (ca: string) => {
      const socket = connectTls({ host: '127.0.0.1', port: Number(new URL(proxy.url).port), ca });
      await once(socket, 'secureConnect');
      return socket;
    };
    const old = await open(own.certificate);
    const next = await makeCertificate('open.test', '127.0.0.1');
    await proxy.reload(configure(next));
    const young = await open(next.certificate);
    expect(subjectOf(young)).not.toBe(subjectOf(old));
    old.write('GET /ping HTTP/1.1\r\nHost: open.test\r\n\r\n');
    expect(String(await once(old, 'data'))).toMatch(/^HTTP\/1\.1 200 /);
    old.destroy();
    young.destroy();
    await proxy.reload(configure(own));
  });

  test('a reload that would end TLS, or move elsewhere, is refused, and the old configuration stays', async () => {
    proxy.takeLines();
    const { routes } = configure(own);
    await proxy.reload({ routes: [], insecure_server: true, allow: 1 });
    await proxy.reload({ routes });
    await proxy.reload({ ...configure(own), address: '127.0.0.1:1' });
    const lines = proxy.takeLines().filter(({ level }) => level === 'error');
    expect(lines.map(({ message, detail }) => `${message} ${detail ?? ''}`)).toEqual([
      expect.stringMatching(/behalf\.yaml:\d+:\d+: unknown key "allow"/),
      expect.stringMatching(/^reload refused: the configuration before it stays /),
      expect.stringMatching(/^reload refused: .*: a change between TLS and clear text needs a restart$/),
      expect.stringMatching(/^reload refused: .*: another "address" needs a restart$/),
    ]);
    expect((await get('/ping'))[1]).toBe('OK\n');
  });
});
