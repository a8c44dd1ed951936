import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLIENT_ID } from '../../src/demo/scenario.ts';
import { type StartedProxy, startProxy } from '../proxy/start-proxy.ts';
import { sendRaw } from '../support/send-raw.ts';
import { type RunningProvider, startProvider } from '../support/start-provider.ts';
import { type Recorder, startRecorder } from '../support/start-recorder.ts';

let provider: RunningProvider;
let upstream: Recorder;
let proxy: StartedProxy;
beforeAll(async () => {
  provider = await startProvider();
  upstream = await startRecorder();
  proxy = await startProxy({
    idp_provider: 'oidc',
    idp_provider_url: provider.issuer,
    idp_client_id: CLIENT_ID,
    idp_groups_claim: 'realm_access.roles',
    bearer_token_format: 'idp_identity_token',
    routes: [
      {
        from: 'http://app.test',
        to: upstream.url,
        policy: [{ allow: { or: [{ authenticated_user: true }] }, deny: { or: [{ groups: { has: 'contractors' } }] } }],
      },
    ],
  });
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

/** With a token of the provider in place of the browser, whose sessions have the groups of that claim. */
test.each([
  ['in the group', { realm_access: { roles: ['contractors'] } }, '403'],
  ['in none, though another claim says so', { realm_access: { roles: [] }, groups: ['contractors'] }, '200'],
  ['whose groups are left out', { _claim_names: { 'realm_access.roles': 'src1' } }, '401'],
])('a deny on a group holds for a program of a person %s', async (_, claims, status) => {
  const token = await provider.issue({ sub: 'ada', ...claims });
  const lines = ['GET / HTTP/1.1', 'Host: app.test', 'Connection: close', `Authorization: Bearer ${token}`];
  expect(await sendRaw(proxy.url, [...lines, '', ''].join('\r\n'))).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(upstream.requests.splice(0)).toHaveLength(status === '200' ? 1 : 0);
});
