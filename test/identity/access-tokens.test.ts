import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CredentialFault } from '../../src/identity/identity-errors.ts';
import { eventually } from '../support/eventually.ts';
import { ecdsa, forge, hmac } from './support/forge.ts';
import { holdClock } from './support/hold-clock.ts';
import { makeIdentity, nowSeconds, type World } from './support/make-identity.ts';
import { type ProviderServer, startProvider } from './support/start-provider.ts';

const CLIENT = 'behalf-client';
const API = 'https://api.example.com';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

holdClock();
let provider: ProviderServer;
let world: World;
beforeAll(async () => {
  provider = await startProvider();
  provider.keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'ec' }];
  world = await makeIdentity({
    provider: { issuer: provider.issuer, clientId: CLIENT, groupsClaim: 'groups' },
    bearerTokenFormat: 'idp_access_token',
    // An app that is its own resource has one name for both (Entra ID).
    accessTokenAudiences: [API, 'urn:api', CLIENT],
    clockSkewSeconds: 20,
  });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

const token = (claims: object = {}, typ: string | null = 'at+jwt', signer = ecdsa(privateKey)) =>
  forge(
    { alg: 'ES256', kid: 'ec', ...(typ !== null && { typ }) },
    { iss: provider.issuer, aud: API, sub: 'alice', iat: nowSeconds(), exp: nowSeconds() + 300, ...claims },
    signer,
  );
const identify = (bearer: string) => world.identity.identifyCaller({ kind: 'provider_token', token: bearer });
const faultOf = (bearer: string): Promise<string | null> =>
  identify(bearer).then(
    () => null,
    (error) => (error.code === 'ERR_CREDENTIAL_INVALID' ? error.reason : error.code),
  );

type Case = () => string;
const TAKEN: Record<string, Case> = {
  'typ at+jwt': () => token(),
  'typ application/at+jwt': () => token({}, 'application/at+jwt'),
  'typ JWT': () => token({}, 'JWT'),
  'no typ': () => token({}, null),
  'one of several audiences': () => token({ aud: ['urn:other', 'urn:api'] }),
  'the client as its audience, and a typ that tells': () => token({ aud: CLIENT }),
  'the client as its audience, and a scope': () => token({ aud: CLIENT, scope: 'read' }, 'JWT'),
  'ended within the skew': () => token({ iat: nowSeconds() - 300, exp: nowSeconds() - 15 }),
};
const LIES: Record<string, [reason: CredentialFault, token: Case]> = {
  'an identity token by its nonce': ['malformed', () => token({ aud: CLIENT, nonce: 'n' }, 'JWT')],
  'an identity token by its at_hash': ['malformed', () => token({ aud: [CLIENT, API], at_hash: 'x' }, 'JWT')],
  'an identity token of Keycloak': ['malformed', () => token({ typ: 'ID' }, 'JWT')],
  'what may be an identity token, for the client': ['malformed', () => token({ aud: CLIENT }, 'JWT')],
  'what may be an identity token, for the client too': ['malformed', () => token({ aud: [API, CLIENT] }, null)],
  'a logout token by its events': ['malformed', () => token({ events: {} }, 'JWT')],
  'a logout token by its typ': ['malformed', () => token({}, 'logout+jwt')],
  'a token that is bound to a key': ['malformed', () => token({ cnf: { 'x5t#S256': 'x' } })],

  'another audience': ['audience', () => token({ aud: 'urn:other' })],
  'no audience': ['audience', () => token({ aud: undefined })],
  'an audience in an object': ['audience', () => token({ aud: { [API]: true } })],
  'an audience that begins alike': ['audience', () => token({ aud: `${API}/` })],
  'another issuer': ['issuer', () => token({ iss: 'https://evil.example' })],
  'HS256 with the public key as the secret': [
    'forged',
    () =>
      forge(
        { alg: 'HS256', kid: 'ec', typ: 'at+jwt' },
        { iss: provider.issuer, aud: API, sub: 'alice', iat: nowSeconds(), exp: nowSeconds() + 300 },
        hmac(`${publicKey.export({ format: 'pem', type: 'spki' })}`),
      ),
  ],
  'ended before the skew': ['expired', () => token({ iat: nowSeconds() - 300, exp: nowSeconds() - 21 })],
  'issued after the skew': ['not-yet-valid', () => token({ iat: nowSeconds() + 25 })],
  'no exp': ['malformed', () => token({ exp: undefined })],
  'no sub': ['malformed', () => token({ sub: undefined })],
};

describe('an access token', () => {
  test.each(Object.entries(TAKEN))('is taken: %s', async (_, bearer) => {
    expect(await faultOf(bearer())).toBeNull();
  });

  test.each(Object.entries(LIES))('is refused: %s', async (_, [reason, bearer]) => {
    expect(await faultOf(bearer())).toBe(reason);
  });

  test('names its subject, whose email counts where it is verified', async () => {
    const exp = nowSeconds() + 300;
    const said = { exp, email: 'alice@companydomain.com', email_verified: true, groups: ['staff'] };
    expect(await identify(token(said))).toMatchObject({
      type: 'user',
      id: 'alice',
      email: 'alice@companydomain.com',
      groups: ['staff'],
      expires_at: exp + 20,
    });
    expect(await identify(token({ ...said, email_verified: false }))).toMatchObject({ id: 'alice', email: '' });
  });

  test('is judged at each use, though its signature is known', async () => {
    const bearer = token({ sub: 'later-an-account' });
    expect((await identify(bearer)).id).toBe('later-an-account');
    world.serviceAccounts.create('later-an-account', null);
    await eventually(() => expect(identify(bearer)).rejects.toMatchObject({ code: 'ERR_IDENTITY_AMBIGUOUS' }));
  });
});
