import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { openJarBrowser } from '../support/open-jar-browser.ts';
import { type RunningOpenIdProvider, startOpenIdProvider } from '../support/start-openid-provider.ts';
import { type Recorder, startRecorder, valuesOf } from '../support/start-recorder.ts';
import { type StartedProxy, startProxy } from './start-proxy.ts';

let provider: RunningOpenIdProvider;
let upstream: Recorder;
let proxy: StartedProxy;
let port: number;
let plain: object;

beforeAll(async () => {
  port = await freePort();
  provider = await startOpenIdProvider({ authenticateUrl: `http://authenticate.localhost:${port}` });
  upstream = await startRecorder();
  const from = `http://app.localhost:${port}`;
  plain = {
    address: `127.0.0.1:${port}`,
    pass_identity_headers: true,
    routes: [{ name: 'app', from, to: upstream.url, policy: [{ allow: { or: [{ user: { is: 'alice' } }] } }] }],
  };
  proxy = await startProxy({ ...plain, ...provider.config });
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

test('a configuration by which nobody can sign in knows no session of before, nor works for one', async () => {
  const browser = openJarBrowser(port);
  await browser.signIn(`http://app.localhost:${port}/`, 'alice');
  const [assertion = ''] = upstream.requests.flatMap((request) => valuesOf(request, 'X-Pomerium-Jwt-Assertion'));
  const account = await proxy.createServiceAccount('api-access');
  const json = { accept: 'application/json' };
  const program = { ...json, authorization: `Pomerium ${account}`, 'x-pomerium-jwt-assertion': assertion };
  const ask = async (path: string, headers: object) => {
    const client = headers === program ? openJarBrowser(port) : browser;
    const { status, body } = await client.send(`http://app.localhost:${port}${path}`, { headers: { ...headers } });
    return { status, ...(body.startsWith('{') ? JSON.parse(body) : {}) };
  };

  const { authenticate_service_url, ...unused } = provider.config;
  const lost = {
    'without a provider': {},
    'without a place where to sign in': { ...unused, bearer_token_format: 'idp_identity_token' },
  };
  for (const [name, keys] of Object.entries(lost)) {
    expect(await ask('/', json), name).toEqual({ status: 200 });
    expect(await ask('/.pomerium/', json), name).toMatchObject({ caller: { id: 'alice' } });
    expect(await ask('/.pomerium/', program), name).toMatchObject({ original_user: { id: 'alice' } });

    await proxy.reload({ ...plain, ...keys });
    const refused = { status: 401, error: 'unauthenticated', reasons: ['user-unauthenticated'] };
    const nobody = { ...refused, request_id: expect.any(String) };
    expect(await ask('/', json), name).toEqual(nobody);
    const page = await browser.send(`http://app.localhost:${port}/`);
    expect([page.status, page.body.includes('sign_in')], name).toEqual([401, false]);
    expect(await ask('/.pomerium/user', json), name).toEqual(nobody);
    expect(await ask('/.pomerium/', json), name).toMatchObject({ caller: null, sign_in_url: null, sign_out_url: null });
    expect(await ask('/.pomerium/', program), name).toMatchObject({
      caller: { id: 'api-access' },
      original_user: null,
      original_user_error: 'revoked',
    });
    await proxy.reload({ ...plain, ...provider.config });
  }
});
