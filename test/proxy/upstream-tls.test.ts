import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Certificate, makeCertificate } from '../support/make-certificate.ts';
import { sendRaw } from '../support/send-raw.ts';
import { type StartedProxy, startProxy } from './start-proxy.ts';

let own: Certificate;
let other: Certificate;
let server: Server;
let port: number;
let proxy: StartedProxy;

beforeAll(async () => {
  own = await makeCertificate('upstream.test', '127.0.0.1');
  other = await makeCertificate('upstream.test', '127.0.0.1');
  server = createServer({ cert: own.certificate, key: own.key }, (message, response) => {
    response.end(`asked for ${(message.socket as TLSSocket).servername || 'nobody'}`);
  });
  server.on('upgrade', (message, socket) => {
    const name = (message.socket as TLSSocket).servername || 'nobody';
    socket.end(`HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nasked for ${name}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(async () => {
  await proxy?.close(0);
  await proxy?.[Symbol.asyncDispose]();
  server.closeAllConnections();
  await once(server.close(), 'close');
});

/** What a route of these settings answers: status and body. */
const ROUTES: Readonly<Record<string, readonly [settings: () => object, status: number, body: RegExp]>> = {
  'a certificate that nobody vouches for': [() => ({}), 502, /"upstream-unreachable"/],
  'no verification': [() => ({ tls_skip_verify: true }), 200, /^asked for nobody$/],
  // Behind the route that does not verify: its connections are not for others.
  'again a certificate that nobody vouches for': [() => ({}), 502, /"upstream-unreachable"/],
  'an authority of its own': [() => ({ tls_custom_ca: base64(own) }), 200, /^asked for nobody$/],
  'another authority': [() => ({ tls_custom_ca: base64(other) }), 502, /"upstream-unreachable"/],
  'a name of its own': [
    () => ({ tls_custom_ca: base64(own), tls_server_name: 'upstream.test' }),
    200,
    /^asked for upstream\.test$/,
  ],
  'the name of another': [
    () => ({ tls_custom_ca: base64(own), tls_server_name: 'other.test' }),
    502,
    /"upstream-unreachable"/,
  ],
  'a Host of its own, which TLS does not ask for': [
    () => ({ tls_custom_ca: base64(own), host_rewrite: 'other.test' }),
    200,
    /^asked for nobody$/,
  ],
};
const base64 = ({ certificate }: Certificate): string => Buffer.from(certificate).toString('base64');

describe('an upstream with', () => {
  beforeAll(async () => {
    proxy = await startProxy({
      routes: Object.values(ROUTES).map(([settings], index) => ({
        name: `route ${index}`,
        from: `http://r${index}.test`,
        to: `https://127.0.0.1:${port}`,
        allow_public_unauthenticated_access: true,
        allow_websockets: true,
        ...settings(),
      })),
    });
  });
  const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n';

  test.each(Object.entries(ROUTES).map(([name, expected], index) => [name, index, expected] as const))(
    '%s',
    async (_, index, [, status, body]) => {
      for (const [lines, passed] of [
        ['Connection: close\r\n', 200],
        [UPGRADE, 101],
      ] as const) {
        const [head = '', said = ''] = (
          await sendRaw(proxy.url, `GET / HTTP/1.1\r\nHost: r${index}.test\r\n${lines}\r\n`)
        ).split('\r\n\r\n');
        expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status === 200 ? passed : status} `));
        expect(said).toMatch(body);
      }
    },
  );
});

test('the system’s authorities are trusted beside Node’s', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'behalf-'));
  const bundle = join(folder, 'authorities.pem');
  await writeFile(bundle, own.certificate);
  const script = `
    import { trustSystemAuthorities } from ${JSON.stringify(resolve('src/proxy/trust-system-authorities.ts'))};
    import { getCACertificates, rootCertificates } from 'node:tls';
    trustSystemAuthorities();
    const bare = (pem) => pem.replaceAll('\\n', '');
    const trusted = new Set(getCACertificates('default').map(bare));
    const answer = await fetch('https://127.0.0.1:${port}').then(({ status }) => status, ({ cause }) => cause.code);
    console.log(answer, rootCertificates.every((root) => trusted.has(bare(root))));
  `;
  const run = async (env: NodeJS.ProcessEnv) =>
    (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env })).stdout.trim();
  const { SSL_CERT_FILE: _, ...env } = process.env;
  expect(await run({ ...env, SSL_CERT_FILE: bundle })).toBe('200 true');
  expect(await run(env)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT true');
  await rm(folder, { recursive: true });
});
