import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, type IncomingMessage, request as openRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from '../../src/compile/compile-policy.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { loadSharedSecret } from '../../src/identity/load-shared-secret.ts';
import { openIdentity } from '../../src/identity/open-identity.ts';
import { openKeySets } from '../../src/identity/open-key-sets.ts';
import { openStateDir } from '../../src/identity/open-state-dir.ts';
import { createLog } from '../../src/log.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import { openBrowsers } from '../../src/open-browsers.ts';
import { buildProxyParts } from '../../src/proxy/build-proxy-parts.ts';
import { createProxy } from '../../src/proxy/create-proxy.ts';
import { buildRouteTable } from '../../src/proxy/match-route.ts';
import { translateClientError } from '../../src/proxy/translate-client-error.ts';
import { eventually } from '../support/eventually.ts';
import { startRecorder } from '../support/start-recorder.ts';
import { startProxy } from './start-proxy.ts';

const OPEN = { from: 'http://public.test', allow_public_unauthenticated_access: true };

async function get(url: string, agent: Agent | false = false): Promise<readonly [status: number, body: string]> {
  const [answer] = (await once(openRequest(url, { agent, headers: { host: 'public.test' } }).end(), 'response')) as [
    IncomingMessage,
  ];
  return [answer.statusCode ?? 0, await text(answer)];
}

describe('close', () => {
  test('takes no new connection, lets running requests end, and does not keep connections alive', async () => {
    const released = Promise.withResolvers<void>();
    await using upstream = await startRecorder(async (_, response) => {
      await released.promise;
      response.end('done');
    });
    await using proxy = await startProxy({ routes: [{ ...OPEN, to: upstream.url }] });
    const agent = new Agent({ keepAlive: true });
    const idle = new Agent({ keepAlive: true });
    expect(await get(`${proxy.url}/ping`, idle)).toEqual([200, 'OK\n']);
    const running = get(proxy.url, agent);
    await eventually(() => expect(upstream.requests).toHaveLength(1));
    // Long enough that nothing is cut off; a connection that is kept alive is for a minute.
    const closed = proxy.close(600_000);
    const untilEmpty = ({ sockets, freeSockets }: Agent) =>
      eventually(() => expect({ ...sockets, ...freeSockets }).toEqual({}));
    await untilEmpty(idle);
    await eventually(() => expect(get(`${proxy.url}/ping`)).rejects.toThrow('ECONNREFUSED'));
    released.resolve();
    expect(await running).toEqual([200, 'done']);
    await untilEmpty(agent);
    await closed;
  });
});

describe('without a decision', () => {
  test('503, and the upstream sees nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'behalf-'));
    await using upstream = await startRecorder();
    const { config } = parseConfig(
      JSON.stringify({
        insecure_server: true,
        address: '127.0.0.1:0',
        state_dir: join(folder, 'state'),
        routes: [{ ...OPEN, to: upstream.url }],
      }),
      'behalf.yaml',
      { environment: {} },
    );
    await using compiler = startCompiler();
    const { wasm, data, headerTexts } = await compilePolicy(config, compiler);
    // A route whose policy is not there: its verdict is undefined.
    const routes = Object.fromEntries(
      Object.entries(data.routes).map(([id, route]) => [id, { ...route, policy: 'p_gone' }]),
    );
    let lines = '';
    const stream = new Writable({
      write(chunk, _, done) {
        lines += chunk;
        done();
      },
    });
    const log = createLog(stream);
    openStateDir(config.stateDir);
    const sharedSecret = loadSharedSecret(config.stateDir, null);
    const parts = buildProxyParts(config, {
      routes: buildRouteTable(config),
      engine: await loadEngine({ wasm, data: { ...data, routes } }),
      identity: await openIdentity({
        ...config,
        keySets: openKeySets(),
        isLiveSession: () => null,
        servesHost: () => true,
        routesServeHost: () => true,
      }),
      headerTexts,
      recorder: null,
      explainer: null,
      browsers: openBrowsers(config, sharedSecret, () => true, log),
      log,
    });
    const proxy = createProxy({ address: config.address, certificate: null, parts, log });
    const { port } = await proxy.listen();
    const [status, body] = await get(`http://127.0.0.1:${port}/`);
    await proxy.close();
    expect(JSON.parse(body)).toEqual({
      status: 503,
      error: 'engine-failed',
      reasons: [],
      request_id: expect.any(String),
    });
    expect(status).toBe(503);
    log.flush();
    expect(JSON.parse(lines)).toMatchObject({
      status: 503,
      error: 'engine-failed',
      allow: null,
      detail: expect.any(String),
    });
    expect(upstream.requests).toEqual([]);
    await rm(folder, { recursive: true });
  });
});

describe('translateClientError', () => {
  const CODES = {
    ECONNRESET: 'ERR_CLIENT_GONE',
    HPE_INVALID_EOF_STATE: 'ERR_CLIENT_GONE',
    ERR_HTTP_REQUEST_TIMEOUT: 'ERR_REQUEST_TIMEOUT',
    HPE_HEADER_OVERFLOW: 'ERR_REQUEST_TOO_LARGE',
    HPE_INVALID_VERSION: 'ERR_REQUEST_VERSION',
    HPE_INVALID_TOKEN: 'ERR_REQUEST_MALFORMED',
  } as const;
  test.each(Object.entries(CODES))('%s is %s', (foreign, code) => {
    const cause = Object.assign(new Error('why'), { code: foreign });
    expect(translateClientError(cause)).toMatchObject({ code, message: 'why', cause });
  });
});
