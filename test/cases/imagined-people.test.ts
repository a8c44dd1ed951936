import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { imagineInput } from '../../src/cases/imagine-input.ts';
import type { Bench } from '../../src/cases/judge-case.ts';
import type { Caller, OriginalUser } from '../../src/engine/documents.ts';
import { ecdsa, forge } from '../identity/support/forge.ts';
import { makeIdentity, nowSeconds, type World } from '../identity/support/make-identity.ts';
import { type ProviderServer, startProvider } from '../identity/support/start-provider.ts';
import { benchOf } from './bench-of.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

let provider: ProviderServer;
let world: World;
let bench: Bench;

beforeAll(async () => {
  provider = await startProvider();
  provider.keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'ec', alg: 'ES256' }];
  bench = await benchOf(`
insecure_server: true
idp_provider: oidc
idp_provider_url: ${provider.issuer}
idp_client_id: behalf
bearer_token_format: idp_identity_token
jwt_claims_headers: {X-Dept: department, X-Country: address.country}
routes:
- {name: app, from: https://app.example.com, to: http://127.0.0.1:1, pass_identity_headers: true, policy: {allow: {or: [authenticated_user: true]}}}
`);
  world = await makeIdentity({
    provider: { issuer: provider.issuer, clientId: 'behalf', groupsClaim: 'groups' },
    bearerTokenFormat: 'idp_identity_token',
  });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

const ALICE = {
  id: 'alice',
  email: 'alice@companydomain.com',
  name: 'Alice Á.',
  groups: ['staff', 'ops'],
  claims: { department: 'research', level: 5, address: { country: ['GB', 'FR'] } },
};
const url = 'https://app.example.com/';

/** Less what is another one for each token. */
function lasting<T extends Caller | OriginalUser>(somebody: T | null) {
  const { claims = {}, expires_at: _, ...rest } = somebody ?? ({} as T);
  const passing = ['exp', 'iat', 'jti', 'sid'];
  const own = Object.fromEntries(Object.entries(claims).filter(([claim]) => !passing.includes(claim)));
  return { ...rest, session_id: '', claims: own };
}

test('an imagined person is whom the proxy makes of an identity token', async () => {
  const { id, claims, ...said } = ALICE;
  const payload = { iss: provider.issuer, aud: 'behalf', sub: id, iat: nowSeconds(), exp: nowSeconds() + 300 };
  const token = forge({ alg: 'ES256', kid: 'ec' }, { ...payload, ...said, ...claims }, ecdsa(privateKey));
  const found = await world.identity.identifyCaller({ kind: 'provider_token', token });
  const { caller } = imagineInput(bench.config, { url, as: ALICE });
  expect(lasting(caller)).toEqual(lasting(found));
});

test('the groups of an imagined person are in the claim of `idp_groups_claim`', () => {
  const { config } = bench;
  const { provider: known } = config;
  if (known === null) throw new Error('the configuration has a provider');
  const elsewhere = { ...config, provider: { ...known, groupsClaim: 'realm_access.roles' } };
  const groups = { id: 'alice', groups: ['ops'] };
  const claims = { id: 'alice', claims: { groups: ['staff'], realm_access: { roles: ['ops'] } } };
  const job = { type: 'service_account', id: 'job' } as const;
  for (const alice of [groups, claims]) {
    const { caller } = imagineInput(elsewhere, { url, as: alice });
    expect(caller?.groups).toEqual(['ops']);
    expect(caller?.claims).toMatchObject({ 'realm_access.roles': ['ops'] });
    expect(imagineInput(elsewhere, { url, as: job, for: alice }).original_user?.groups).toEqual(['ops']);
    expect(imagineInput(config, { url, as: claims }).caller?.groups).toEqual(['staff']);
  }
});

test('an imagined service account is whom the proxy makes of its token', async () => {
  const token = world.serviceAccounts.create('api-access', null);
  const found = await world.identity.identifyCaller({ kind: 'service_account', token });
  const { caller } = imagineInput(bench.config, { url, as: { type: 'service_account', id: 'api-access' } });
  expect(lasting(caller)).toEqual(lasting(found));
});

test.each([
  ['person', ALICE],
  ['service account', { type: 'service_account', id: 'job' } as const],
])('an imagined original user, a %s, is whom the proxy makes of the assertion that it signs', async (_, somebody) => {
  const actions = bench.engine.decide(imagineInput(bench.config, { url, as: somebody })).request_headers;
  const signed = actions.find(({ action }) => action === 'sign');
  if (signed?.action !== 'sign') throw new Error('nothing was signed');
  const sid = world.serviceAccounts.create('job', null);
  const { session_id } = await world.identity.identifyCaller({ kind: 'service_account', token: sid });
  const token = world.identity.signAssertion({ ...signed.claims, sid: session_id }, null);
  const found = await world.verifyAssertion(token);
  const as = { type: 'service_account', id: 'api-access' } as const;
  const { original_user } = imagineInput(bench.config, { url, as, for: somebody });
  expect(lasting(original_user)).toEqual(lasting(found));
});
