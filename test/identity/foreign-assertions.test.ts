import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OriginalUserError } from '../../src/engine/documents.ts';
import { ecdsa, forge, hmac, rsa, type Signer } from './support/forge.ts';
import { holdClock } from './support/hold-clock.ts';
import { claimsOf, makeIdentity, nowSeconds, type World } from './support/make-identity.ts';
import { type ProviderServer, startProvider } from './support/start-provider.ts';

const FOREIGN = 'proxy.partner.example';
const OTHER = 'proxy.other.example';
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsaKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const others = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });

holdClock();
let partner: ProviderServer;
let world: World;
beforeAll(async () => {
  partner = await startProvider();
  partner.keys = [
    { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec' },
    { ...rsaKeys.publicKey.export({ format: 'jwk' }), kid: 'rsa', alg: 'RS256' },
  ];
  const common = { audiences: ['hub.partner.example', 'api.example.com'], domains: ['partner.example', 'kin.example'] };
  world = await makeIdentity({
    clockSkewSeconds: 30,
    trustedIssuers: [
      { ...common, issuer: FOREIGN, keys: { kind: 'url', url: `${partner.issuer}/jwks` }, maxLifetimeSeconds: 300 },
      {
        issuer: OTHER,
        keys: { kind: 'jwks', jwks: { keys: [{ ...others.publicKey.export({ format: 'jwk' }), kid: 'ec' }] } },
        audiences: ['api.example.com'],
        domains: ['other.example'],
        maxLifetimeSeconds: 3600,
      },
    ],
  });
  world.serviceAccounts.create('app', null);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await partner[Symbol.asyncDispose]();
});

const faultOf = (token: string): Promise<string | null> =>
  world.verifyAssertion(token).then(
    () => null,
    (error) => (error.code === 'ERR_ASSERTION_INVALID' ? error.reason : error.code),
  );

/** As a Pomerium proxy writes it. */
const claims = (changes: object = {}) => ({
  iss: FOREIGN,
  aud: 'hub.partner.example',
  jti: 'one',
  sub: 'carol',
  user: 'carol',
  email: 'carol@partner.example',
  name: 'Carol',
  groups: ['staff'],
  sid: 'a-session-there',
  iat: nowSeconds(),
  exp: nowSeconds() + 300,
  ...changes,
});
const header = (changes: object = {}) => ({ alg: 'ES256', typ: 'JWT', kid: 'ec', ...changes });
const theirs = ecdsa(ec.privateKey);
const good = (changes: object = {}, head: object = {}, signer: Signer = theirs) =>
  forge(header(head), claims(changes), signer);
const otherClaims = { iss: OTHER, aud: 'api.example.com', email: 'dave@other.example' };

describe('the original user', () => {
  test('is whom the assertion is about, under the name of its issuer', async () => {
    const exp = nowSeconds() + 300;
    expect(await world.verifyAssertion(good({ exp }))).toEqual({
      type: 'user',
      id: `${FOREIGN}/carol`,
      email: 'carol@partner.example',
      name: 'Carol',
      groups: ['staff'],
      claims: expect.objectContaining({ sub: ['carol'], iss: [FOREIGN] }),
      issuer: FOREIGN,
      audience: 'hub.partner.example',
      expires_at: exp,
      expired: false,
    });
  });
});

const IDS: Record<string, [sub: string, id: string]> = {
  'as it is': ['auth0|carol@x', `${FOREIGN}/auth0|carol@x`],
  'with slashes, as of an issuer whose name goes on': ['eu/carol', `${FOREIGN}/eu%2Fcarol`],
  'with what looks like a written slash': ['eu%2Fcarol', `${FOREIGN}/eu%252Fcarol`],
};
test.each(Object.entries(IDS))('the sub is one part of the id: %s', async (_, [sub, id]) => {
  expect((await world.verifyAssertion(good({ sub, user: sub }))).id).toBe(id);
});

type Case = () => string;
const TAKEN: Record<string, Case> = {
  ES256: () => good(),
  RS256: () => good({}, { alg: 'RS256', kid: 'rsa' }, rsa(rsaKeys.privateKey)),
  'of an issuer whose keys are given': () => good(otherClaims, {}, ecdsa(others.privateKey)),
  'an audience in a list': () => good({ aud: ['api.example.com'] }),
  'a number that is exact': () => good({ employee: 9_007_199_254_740_991 }),
  'caller_type user': () => good({ caller_type: 'user' }),
  'another of its domains': () => good({ email: 'carol@kin.example' }),
  'a domain in capitals': () => good({ email: 'Carol@Partner.EXAMPLE' }),
  'an email that is verified': () => good({ email_verified: true }),
  'a sub that a person of ours may have': () => good({ sub: 'alice', user: 'alice' }),
  'ended within the skew': () => good({ iat: nowSeconds() - 300, exp: nowSeconds() - 25 }),
  'issued within the skew': () => good({ iat: nowSeconds() + 25 }),
};

const LIES: Record<string, [reason: OriginalUserError, token: Case]> = {
  'an issuer that nobody trusts': ['issuer', () => good({ iss: 'proxy.evil.example' })],
  'its issuer as an address': ['issuer', () => good({ iss: `https://${FOREIGN}/` })],
  'its issuer in capitals': ['issuer', () => good({ iss: FOREIGN.toUpperCase() })],
  'its issuer in a list': ['issuer', () => good({ iss: [FOREIGN] })],
  'our name, by its key': ['signature', () => good({ iss: 'api.example.com' })],
  "another issuer's name, by its key": ['signature', () => good(otherClaims)],
  'our key under its name': ['signature', () => good({}, {}, ecdsa(world.privateKey))],

  "a stranger's key under its kid": ['signature', () => good({}, {}, ecdsa(stranger.privateKey))],
  'alg none': ['signature', () => good({}, { alg: 'none' })],
  'HS256 with its public key as the secret': [
    'signature',
    () => good({}, { alg: 'HS256' }, hmac(`${ec.publicKey.export({ format: 'pem', type: 'spki' })}`)),
  ],
  "an algorithm other than its key's": [
    'signature',
    () => good({}, { alg: 'RS512', kid: 'rsa' }, rsa(rsaKeys.privateKey)),
  ],
  'no kid': ['signature', () => good({}, { kid: undefined })],
  'an unknown kid': ['signature', () => good({}, { kid: 'new' })],
  'a kid that is no text': ['signature', () => good({}, { kid: ['ec'] })],
  jku: ['signature', () => good({}, { jku: `${partner.issuer}/jwks` })],
  jwk: ['signature', () => good({}, { jwk: ec.publicKey.export({ format: 'jwk' }) })],
  x5u: ['signature', () => good({}, { x5u: `${partner.issuer}/chain` })],
  'typ at+jwt': ['signature', () => good({}, { typ: 'at+jwt' })],
  'no typ': ['signature', () => good({}, { typ: undefined })],
  crit: ['malformed', () => good({}, { crit: ['exp'] })],
  'padded base64': ['malformed', () => `${good()}=`],
  'more than 8 KiB': ['malformed', () => good({ pad: 'x'.repeat(8192) })],

  'an audience elsewhere': ['audience', () => good({ aud: 'app.example.com' })],
  'its own host as audience': ['audience', () => good({ aud: FOREIGN })],
  'two audiences': ['malformed', () => good({ aud: ['api.example.com', 'hub.partner.example'] })],
  'no audience': ['malformed', () => good({ aud: undefined })],
  'no sub': ['malformed', () => good({ sub: undefined, user: undefined })],
  'an empty sub': ['malformed', () => good({ sub: '', user: '' })],
  'no jti': ['malformed', () => good({ jti: undefined })],
  'a number that would become its neighbour': [
    'malformed',
    () => forge(header(), JSON.stringify(claims()).replace('{', '{"employee":9007199254740993,'), theirs),
  ],
  'no exp': ['malformed', () => good({ exp: undefined })],
  'no iat': ['malformed', () => good({ iat: undefined })],
  'a second longer than its issuer may make it': ['malformed', () => good({ exp: nowSeconds() + 301 })],
  'ended before the skew': ['expired', () => good({ iat: nowSeconds() - 300, exp: nowSeconds() - 31 })],
  'issued after the skew': ['not-yet-valid', () => good({ iat: nowSeconds() + 35, exp: nowSeconds() + 300 })],
  'nbf after the skew': ['not-yet-valid', () => good({ nbf: nowSeconds() + 35 })],

  'a domain that is not its own': ['issuer', () => good({ email: 'alice@companydomain.com' })],
  "another issuer's domain": ['issuer', () => good({ email: 'dave@other.example' })],
  'a domain below its own': ['issuer', () => good({ email: 'carol@x.partner.example' })],
  'a domain that ends like its own': ['issuer', () => good({ email: 'carol@evilpartner.example' })],
  'two domains': ['issuer', () => good({ email: 'carol@companydomain.com@partner.example' })],
  'two domains, its own first': ['issuer', () => good({ email: 'carol@partner.example@companydomain.com' })],
  'a domain with a Kelvin sign, whose lower case is a k': ['issuer', () => good({ email: 'carol@\u212ain.example' })],
  'a domain with a line end': ['issuer', () => good({ email: 'carol@partner.example\n' })],
  'a domain alone': ['issuer', () => good({ email: '@partner.example' })],
  'no email': ['issuer', () => good({ email: undefined })],
  'an empty email': ['issuer', () => good({ email: '' })],
  'an email that it calls unverified': ['issuer', () => good({ email_verified: false })],
  'an email in a list': ['malformed', () => good({ email: ['carol@partner.example'] })],
  'a service account': ['issuer', () => good({ caller_type: 'service_account' })],
  'a kind of caller that nobody knows': ['malformed', () => good({ caller_type: 'robot' })],
  'the id of a service account of ours': ['issuer', () => good({ sub: 'app', user: 'app' })],
  'the id of a service account of ours as user': ['issuer', () => good({ user: 'app' })],
};

describe('an assertion of a trusted issuer', () => {
  test.each(Object.entries(TAKEN))('is taken: %s', async (_, token) => {
    expect(await faultOf(token())).toBeNull();
  });

  test.each(Object.entries(LIES))('is refused: %s', async (_, [reason, token]) => {
    expect(await faultOf(token())).toBe(reason);
  });

  test('all of these cost one fetch', () => {
    expect(partner.requests).toEqual({ discovery: 0, jwks: 1 });
  });

  test('is refused where its presenter may only carry what is for other hosts', async () => {
    const token = world.serviceAccounts.create('narrow', null, { carries: ['api'] });
    const narrow = await world.identity.identifyCaller({ kind: 'service_account', token });
    const bring = (assertion: string) =>
      world.identity.verifyAssertion(assertion, { presenter: narrow, maxAgeSeconds: null });
    await expect(bring(good())).rejects.toMatchObject({ code: 'ERR_ASSERTION_INVALID', reason: 'presenter' });
    expect((await bring(good({ aud: 'api.example.com' }))).email).toBe('carol@partner.example');
  });

  test('is neither refused nor believed while its keys cannot be had', async () => {
    await using other = await makeIdentity({
      trustedIssuers: [
        {
          issuer: FOREIGN,
          keys: { kind: 'url', url: 'http://127.0.0.1:1/jwks' },
          audiences: ['hub.partner.example'],
          domains: ['partner.example'],
          maxLifetimeSeconds: 300,
        },
      ],
    });
    await expect(other.verifyAssertion(good())).rejects.toMatchObject({
      code: 'ERR_IDENTITY_UNAVAILABLE',
      message: expect.stringMatching(/^the keys of an issuer: "http:\/\/127.0.0.1:1\/jwks" could not be fetched: /),
    });
  });

  test('does not stand in the way of our own', async () => {
    const own = world.identity.signAssertion(claimsOf('alice'), null);
    expect((await world.verifyAssertion(own)).id).toBe('alice');
  });
});
