import { once } from 'node:events';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { afterAll, describe, expect, test } from 'vitest';
import { converse } from '../proxy/converse.ts';
import { eventually } from '../support/eventually.ts';
import { makeCertificate } from '../support/make-certificate.ts';
import { sendRaw } from '../support/send-raw.ts';
import { startBehalf } from '../support/start-behalf.ts';
import { startRecorder } from '../support/start-recorder.ts';

await using stack = new AsyncDisposableStack();
const own = await makeCertificate('a.test', 'b.test', '127.0.0.1');
const foreign = await makeCertificate('upstream.test', '127.0.0.1');
const [a, b] = [stack.use(await startRecorder()), stack.use(await startRecorder())];
const seenByLiar: string[] = [];
const liar = createServer({ cert: foreign.certificate, key: foreign.key }, (message, response) => {
  seenByLiar.push(message.url ?? '');
  response.end('evil');
}).listen(0, '127.0.0.1');
await once(liar, 'listening');
const liarUrl = `https://127.0.0.1:${(liar.address() as AddressInfo).port}`;
const open = { allow_public_unauthenticated_access: true };
const behalf = stack.use(
  await startBehalf({
    insecure_server: undefined,
    certificate: own.certificate,
    certificate_key: own.key,
    routes: [
      { ...open, from: 'https://a.test', to: a.url },
      { ...open, from: 'https://b.test', to: b.url, policy: undefined },
      {
        ...open,
        from: 'https://liar.test',
        to: liarUrl,
        tls_custom_ca: Buffer.from(own.certificate).toString('base64'),
      },
      {
        ...open,
        from: 'https://known.test',
        to: liarUrl,
        tls_custom_ca: Buffer.from(foreign.certificate).toString('base64'),
      },
    ],
  }),
);
const resources = stack.move();
afterAll(async () => {
  await resources[Symbol.asyncDispose]();
  liar.closeAllConnections();
  await once(liar.close(), 'close');
});

const request = (host: string) => `GET /x HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

/** All that comes back to these bytes over TLS; the error's message where no hands are shaken. */
function ask(bytes: string, options: ConnectionOptions = {}): Promise<string> {
  const { heard, socket } = converse(behalf.url, bytes, { ca: own.certificate, ...options });
  const failed = once(socket, 'error').then(([error]) => (error as Error).message);
  return Promise.race([once(socket, 'close').then(heard, String), failed]);
}
const isServed = async (): Promise<void> => expect(await ask(request('a.test'))).toMatch(/^HTTP\/1\.1 200 /);

describe('connections that are not what they should be', () => {
  test('clear text on the port of TLS gets no answer of HTTP, and reaches nobody', async () => {
    a.requests.length = 0;
    const received = await sendRaw(behalf.url.replace('https', 'http'), request('a.test'));
    expect(received).toBe('');
    expect(a.requests).toEqual([]);
    await isServed();
  });

  test('TLS 1.1 is refused, TLS 1.2 is not', async () => {
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await ask(request('a.test'), old)).toMatch(/alert protocol version/);
    expect(await ask(request('a.test'), { maxVersion: 'TLSv1.2' })).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('no hands are shaken anew on one connection', async () => {
    const { port } = new URL(behalf.url);
    const socket = connectTls({ host: '127.0.0.1', port: Number(port), ca: own.certificate, maxVersion: 'TLSv1.2' });
    await once(socket, 'secureConnect');
    const [error] = await new Promise<[Error | null]>((resolve) => {
      socket.on('error', (cause) => resolve([cause]));
      socket.renegotiate({}, (cause) => resolve([cause]));
    });
    expect(error?.message).toMatch(/no renegotiation/i);
    socket.destroy();
    await isServed();
  });

  test('a name in SNI counts for nothing: Host alone is judged', async () => {
    a.requests.length = 0;
    b.requests.length = 0;
    expect(await ask(request('b.test'), { servername: 'a.test' })).toMatch(/^HTTP\/1\.1 200 /);
    expect([a.requests.length, b.requests.length]).toEqual([0, 1]);
    expect(await ask(request('evil.test'), { servername: 'a.test' })).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('a hand that is never shaken is let go, and so is half a head', async () => {
    const silent = connect(Number(new URL(behalf.url).port), '127.0.0.1');
    const half = converse(behalf.url, 'GET / HTTP/1.1\r\nHost:', { ca: own.certificate });
    silent.on('error', () => {});
    silent.resume();
    await eventually(() => expect(silent.destroyed).toBe(true));
    await eventually(() => expect(half.heard()).toMatch(/^HTTP\/1\.1 408 /));
    await isServed();
  });

  test('an upstream with the certificate of another gets no request', async () => {
    expect(await ask(request('liar.test'))).toMatch(/^HTTP\/1\.1 502 .*"upstream-unreachable"/s);
    expect(seenByLiar).toEqual([]);
    expect(await ask(request('known.test'))).toMatch(/^HTTP\/1\.1 200 /);
    expect(seenByLiar).toEqual(['/x']);
  });

  test('the key of the certificate is in no log', async () => {
    const key = own.key.replace(/-----[^-]+-----|\s/g, '');
    expect(JSON.stringify(await behalf.logLines())).not.toContain(key.slice(20, 60));
  });
});
