import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CredentialFault } from '../../src/identity/identity-errors.ts';
import { eventually } from '../support/eventually.ts';
import { ecdsa, forge, hmac, rsa, type Signer } from './support/forge.ts';
import { holdClock } from './support/hold-clock.ts';
import { claimsOf, makeIdentity, nowSeconds, type World } from './support/make-identity.ts';
import { type ProviderServer, startProvider } from './support/start-provider.ts';

const CLIENT = 'behalf-client';
const PARTNER = {
  issuer: 'https://partner.example',
  keys: { kind: 'jwks', jwks: { keys: [] } },
  audiences: ['api.example.com'],
  domains: ['partner.example'],
  maxLifetimeSeconds: 300,
} as const;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ec384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const rsaKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
const ed = generateKeyPairSync('ed25519');
const dsa = generateKeyPairSync('ml-dsa-44');
const pss: Signer = (input) =>
  sign('sha256', Buffer.from(input), { key: rsaKeys.privateKey, padding: 6, saltLength: 32 });
const eddsa: Signer = (input) => sign(null, Buffer.from(input), ed.privateKey);
const jwkOf = (key: KeyObject, changes: object) => ({ ...key.export({ format: 'jwk' }), ...changes });

holdClock();
let provider: ProviderServer;
let world: World;
beforeAll(async () => {
  provider = await startProvider();
  provider.keys = [
    jwkOf(ec.publicKey, { kid: 'ec', use: 'sig', alg: 'ES256' }),
    jwkOf(ec384.publicKey, { kid: 'ec384' }),
    jwkOf(rsaKeys.publicKey, { kid: 'rsa' }),
    jwkOf(rsaKeys.publicKey, { kid: 'rs256', alg: 'RS256' }),
    jwkOf(ed.publicKey, { kid: 'ed', key_ops: ['verify'] }),
    jwkOf(ec.publicKey, { kid: 'for-encryption', use: 'enc' }),
    jwkOf(ec.publicKey, { kid: 'for-signing', key_ops: ['sign'] }),
    jwkOf(short.publicKey, { kid: 'short' }),
    jwkOf(ec.privateKey, { kid: 'private' }),
    jwkOf(ec.publicKey, { kid: 'twice' }),
    jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey, { kid: 'twice' }),
    jwkOf(dsa.publicKey, { kid: 'dsa' }),
    { kty: 'oct', kid: 'oct', k: Buffer.from('secret').toString('base64url') },
  ];
  world = await makeIdentity({
    provider: { issuer: provider.issuer, clientId: CLIENT, groupsClaim: 'groups' },
    bearerTokenFormat: 'idp_identity_token',
    trustedIssuers: [PARTNER],
  });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

const header = (changes: object = {}) => ({ alg: 'ES256', kid: 'ec', ...changes });
const payload = (changes: object = {}) => ({
  iss: provider.issuer,
  aud: CLIENT,
  sub: 'alice',
  iat: nowSeconds(),
  exp: nowSeconds() + 300,
  ...changes,
});
const theirs = ecdsa(ec.privateKey);
const good = (changes: object = {}) => forge(header(), payload(changes), theirs);
const identify = (token: string) => world.identity.identifyCaller({ kind: 'provider_token', token });
const faultOf = (token: string): Promise<string | null> =>
  identify(token).then(
    () => null,
    (error) => (error.code === 'ERR_CREDENTIAL_INVALID' ? error.reason : error.code),
  );

describe('the caller', () => {
  test('is what the token says', async () => {
    const said = {
      email: 'alice@companydomain.com',
      email_verified: true,
      name: 'Alice',
      groups: ['staff', 'ops'],
      address: { country: 'NL' },
    };
    const exp = nowSeconds() + 300;
    const token = good({ ...said, exp });
    expect(await identify(token)).toEqual({
      type: 'user',
      id: 'alice',
      email: 'alice@companydomain.com',
      name: 'Alice',
      groups: ['staff', 'ops'],
      claims: expect.objectContaining({ sub: ['alice'], 'address.country': ['NL'], groups: ['staff', 'ops'] }),
      session_id: createHash('sha256')
        .update(token.replace(/\.[^.]*$/, ''))
        .digest('base64url'),
      expires_at: exp + 60,
    });
  });

  const FIELDS: Record<string, [said: object, caller: object]> = {
    'no more than a sub': [{}, { email: '', name: '', groups: [] }],
    'an email of which nothing is said': [{ email: 'a@b.c' }, { email: 'a@b.c' }],
    'an unverified email': [{ email: 'a@b.c', email_verified: false }, { email: '' }],
    'an email unverified in text': [{ email: 'a@b.c', email_verified: 'false' }, { email: '' }],
    'an email of which null is said': [{ email: 'a@b.c', email_verified: null }, { email: '' }],
    'an email of which a number is said': [{ email: 'a@b.c', email_verified: 1 }, { email: '' }],
    'an email unverified in other text': [{ email: 'a@b.c', email_verified: 'False' }, { email: '' }],
    'an email verified in text': [{ email: 'a@b.c', email_verified: 'true' }, { email: 'a@b.c' }],
    'an email that is a list': [{ email: ['a@b.c'] }, { email: '' }],
    'a name that is an object': [{ name: { is: 'Alice' } }, { name: '' }],
    'one group, not in a list': [{ groups: 'staff' }, { groups: ['staff'] }],
    'half of a surrogate pair, whose place U+FFFD takes': [
      { email: 'a\ud800@b.c', name: 'A\udc00', groups: ['x\ud800'], 'd\ud800': { p: ['y\udc00', '\ud83d\ude00'] } },
      {
        email: 'a\ufffd@b.c',
        name: 'A\ufffd',
        groups: ['x\ufffd'],
        claims: expect.objectContaining({ name: ['A\ufffd'], 'd\ufffd.p': ['y\ufffd', '\u{1f600}'] }),
      },
    ],
    'groups that are not text': [{ groups: ['staff', 1, null, { name: 'ops' }, ['x']] }, { groups: ['staff'] }],
  };
  test.each(Object.entries(FIELDS))('with %s', async (_, [said, caller]) => {
    expect(await identify(good(said))).toMatchObject(caller);
  });

  test('has the groups that the claim of `idp_groups_claim` lists, and no others', async () => {
    await using other = await makeIdentity({
      provider: { issuer: provider.issuer, clientId: CLIENT, groupsClaim: 'realm_access.roles' },
      bearerTokenFormat: 'idp_identity_token',
    });
    const identifyThere = (said: object) =>
      other.identity.identifyCaller({ kind: 'provider_token', token: good({ groups: ['staff'], ...said }) });
    const roles = { realm_access: { roles: ['ops', 1, 'x\ud800'] } };
    expect((await identifyThere(roles)).groups).toEqual(['ops', 'x\ufffd']);
    expect((await identifyThere({})).groups).toEqual([]);
    for (const left of ['groups', 'realm_access.roles']) {
      const token = { ...roles, _claim_names: { [left]: 'src1' } };
      await expect(identifyThere(token)).rejects.toMatchObject({ reason: 'malformed' });
    }
  });

  test('has no unverified email among its claims either', async () => {
    const { claims } = await identify(good({ email: 'a@b.c', email_verified: false }));
    expect(claims).not.toHaveProperty('email');
    expect(claims).toHaveProperty('email_verified', [false]);
  });

  test('has one session a token, however its signature is spelt', async () => {
    const token = good();
    const [head, body, signature = ''] = token.split('.');
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const bytes = Buffer.from(signature, 'base64url');
    const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
    bytes.write(s.toString(16).padStart(64, '0'), 32, 'hex');
    const twin = `${head}.${body}.${bytes.toString('base64url')}`;
    expect(twin).not.toBe(token);
    const [one, two, other] = await Promise.all([token, twin, good({ nonce: 'n' })].map(identify));
    expect(two?.session_id).toBe(one?.session_id);
    expect(other?.session_id).not.toBe(one?.session_id);
  });

  test('can have an assertion signed as long as it is taken', async () => {
    const { expires_at: end } = await identify(good({ iat: nowSeconds() - 300, exp: nowSeconds() - 50 }));
    const assertion = world.identity.signAssertion(claimsOf('alice'), end);
    expect((await world.verifyAssertion(assertion)).id).toBe('alice');
  });

  test('may not have the ID of a service account, nor that of a revoked one', async () => {
    const ambiguous = {
      code: 'ERR_IDENTITY_AMBIGUOUS',
      message: 'the person "api-access" has the ID of a service account',
    };
    const token = good({ sub: 'api-access' });
    expect((await identify(token)).id).toBe('api-access');
    world.serviceAccounts.create('api-access', 60);
    await eventually(() => expect(identify(token)).rejects.toMatchObject(ambiguous));
    world.serviceAccounts.revoke({ id: 'api-access' });
    await expect(identify(token)).rejects.toMatchObject(ambiguous);
  });
});

describe('the ID of a person of a trusted issuer', () => {
  test.each(['https://partner.example/carol', 'https://partner.example/'])("is nobody else's: %s", async (sub) => {
    await expect(identify(good({ sub }))).rejects.toMatchObject({
      code: 'ERR_IDENTITY_AMBIGUOUS',
      message: `the person "${sub}" has the ID of a person of a trusted issuer`,
    });
  });

  test.each(['https://partner.example', 'https://partner.example.org/carol', 'x/https://partner.example/carol'])(
    'is another than %s',
    async (sub) => {
      expect((await identify(good({ sub }))).id).toBe(sub);
    },
  );
});

type Case = () => string;
const TAKEN: Record<string, Case> = {
  ES256: () => good(),
  ES384: () =>
    forge(header({ alg: 'ES384', kid: 'ec384' }), payload(), (input) =>
      sign('sha384', Buffer.from(input), { key: ec384.privateKey, dsaEncoding: 'ieee-p1363' }),
    ),
  RS256: () => forge(header({ alg: 'RS256', kid: 'rsa' }), payload(), rsa(rsaKeys.privateKey)),
  PS256: () => forge(header({ alg: 'PS256', kid: 'rsa' }), payload(), pss),
  EdDSA: () => forge(header({ alg: 'EdDSA', kid: 'ed' }), payload(), eddsa),
  Ed25519: () => forge(header({ alg: 'Ed25519', kid: 'ed' }), payload(), eddsa),
  'typ JWT': () => forge(header({ typ: 'JWT' }), payload(), theirs),
  'typ jwt': () => forge(header({ typ: 'jwt' }), payload(), theirs),
  'headers that name keys, unread (UAA writes jku, AD FS x5t)': () =>
    forge(header({ jku: 'http://127.0.0.1:1/', x5u: 'http://127.0.0.1:1/', x5t: 'x' }), payload(), theirs),
  'an aud that is a list of one': () => good({ aud: [CLIENT] }),
  'one audience and azp': () => good({ azp: CLIENT }),
  'two audiences and azp': () => good({ aud: ['other', CLIENT], azp: CLIENT }),
  'ended 50 s ago': () => good({ iat: nowSeconds() - 300, exp: nowSeconds() - 50 }),
  'issued 50 s ahead': () => good({ iat: nowSeconds() + 50 }),
  'a day of life': () => good({ exp: nowSeconds() + 86_400 }),
  'what Keycloak says of its kind': () => good({ typ: 'ID', nonce: 'n' }),
  'a nonce beside a scope': () => good({ nonce: 'n', scope: 'openid' }),
  'another claim than its groups left out': () => good({ _claim_names: { roles: 'src1' } }),
  'the largest number that is exact': () => good({ employee: 9_007_199_254_740_991 }),
  'parts of a second': () => good({ iat: nowSeconds() - 0.5, exp: nowSeconds() + 99.5 }),
};
const LIES: Record<string, [reason: CredentialFault, token: Case]> = {
  nothing: ['malformed', () => ''],
  'more than 16 KiB': ['malformed', () => good({ pad: 'x'.repeat(16_384) })],
  'a claim twice': [
    'malformed',
    () => forge(header(), JSON.stringify(payload()).replace('{', '{"sub":"bob",'), theirs),
  ],
  'a critical extension': ['malformed', () => forge(header({ crit: ['b64'], b64: true }), payload(), theirs)],

  'another issuer': ['issuer', () => good({ iss: 'https://evil.example' })],
  'the issuer with a slash': ['issuer', () => good({ iss: `${provider.issuer}/` })],
  'the issuer in a list': ['issuer', () => good({ iss: [provider.issuer] })],
  'no issuer': ['issuer', () => good({ iss: undefined })],

  "a stranger's key under a known kid": [
    'forged',
    () => forge(header(), payload(), ecdsa(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)),
  ],
  'the payload of one with the signature of another': [
    'forged',
    () => [good().split('.')[0], good({ sub: 'bob' }).split('.')[1], good().split('.')[2]].join('.'),
  ],
  'alg none': ['forged', () => forge(header({ alg: 'none' }), payload(), theirs)],
  'HS256 with the public key as the secret': [
    'forged',
    () =>
      forge(header({ alg: 'HS256' }), payload(), hmac(ec.publicKey.export({ format: 'pem', type: 'spki' }).toString())),
  ],
  'HS256 with a secret that the provider published': [
    'forged',
    () => forge(header({ alg: 'HS256', kid: 'oct' }), payload(), hmac('secret')),
  ],
  'an algorithm that is not among ours, with a key that is for it': [
    'forged',
    () =>
      forge(header({ alg: 'ML-DSA-44', kid: 'dsa' }), payload(), (input) =>
        sign(null, Buffer.from(input), dsa.privateKey),
      ),
  ],
  'HS256 with the client ID': ['forged', () => forge(header({ alg: 'HS256' }), payload(), hmac(CLIENT))],
  "alg of another type than the key's": ['unknown', () => forge(header({ alg: 'RS256' }), payload(), theirs)],
  "alg of another curve than the key's": ['unknown', () => forge(header({ alg: 'ES512' }), payload(), theirs)],
  "alg other than the key's own": ['unknown', () => forge(header({ alg: 'PS256', kid: 'rs256' }), payload(), pss)],
  'a key for encryption': ['unknown', () => forge(header({ kid: 'for-encryption' }), payload(), theirs)],
  'a key that may not verify': ['unknown', () => forge(header({ kid: 'for-signing' }), payload(), theirs)],
  'a private key that the provider published': ['forged', () => forge(header({ kid: 'private' }), payload(), theirs)],
  'a kid of two keys': ['forged', () => forge(header({ kid: 'twice' }), payload(), theirs)],
  'no kid, and several keys': ['forged', () => forge({ alg: 'RS256' }, payload(), rsa(rsaKeys.privateKey))],
  'a kid that is no text': ['unknown', () => forge(header({ kid: ['ec'] }), payload(), theirs)],
  'a key of its own in the header': [
    'unknown',
    () => forge(header({ kid: 'mine', jwk: ec.publicKey.export({ format: 'jwk' }) }), payload(), theirs),
  ],

  'typ at+jwt': ['malformed', () => forge(header({ typ: 'at+jwt' }), payload(), theirs)],
  'typ logout+jwt': ['malformed', () => forge(header({ typ: 'logout+jwt' }), payload(), theirs)],
  'typ dpop+jwt': ['malformed', () => forge(header({ typ: 'dpop+jwt' }), payload(), theirs)],
  'typ that is a list': ['malformed', () => forge(header({ typ: ['JWT'] }), payload(), theirs)],
  'a logout token without typ': [
    'malformed',
    () => good({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
  ],
  'an access token by its scope': ['malformed', () => good({ scope: 'openid' })],
  'an access token of Entra ID, without scopes': ['malformed', () => good({ azp: CLIENT, azpacr: '1' })],
  'an access token of Keycloak': ['malformed', () => good({ typ: 'Bearer', nonce: 'n' })],
  'a token that is bound to a key': ['malformed', () => good({ cnf: { jkt: 'x' } })],
  'empty events': ['malformed', () => good({ events: null })],

  'another audience': ['audience', () => good({ aud: 'other' })],
  'no audience': ['audience', () => good({ aud: undefined })],
  'no audience, but azp': ['audience', () => good({ aud: [], azp: CLIENT })],
  'part of the audience': ['audience', () => good({ aud: `${CLIENT}-2` })],
  'two audiences without azp': ['audience', () => good({ aud: [CLIENT, 'other'] })],
  "one audience and another's azp": ['audience', () => good({ azp: 'other' })],
  'one audience and azp null': ['audience', () => good({ azp: null })],
  "two audiences and another's azp": ['audience', () => good({ aud: [CLIENT, 'other'], azp: 'other' })],

  // A deny on a group would not see them.
  'its groups left out (Entra ID)': ['malformed', () => good({ _claim_names: { groups: 'src1' } })],
  'its groups left out, without a place to ask for them': ['malformed', () => good({ hasgroups: true })],

  'no sub': ['malformed', () => good({ sub: undefined })],
  'an empty sub': ['malformed', () => good({ sub: '' })],
  'a sub that is a number': ['malformed', () => good({ sub: 1 })],
  'half of a surrogate pair in the sub': ['malformed', () => good({ sub: 'alice\ud800' })],
  'half of a surrogate pair in an audience': ['malformed', () => good({ aud: [CLIENT, 'x\ud800'], azp: CLIENT })],
  'half of a surrogate pair in the issuer': ['issuer', () => good({ iss: `${provider.issuer}\ud800` })],
  'half of a surrogate pair in its header': ['malformed', () => forge(header({ x: '\ud800' }), payload(), theirs)],
  'two claims of one name, but for halves of surrogate pairs': [
    'malformed',
    () => good({ 'x\ud800': 1, 'x\ud801': 2 }),
  ],
  'no exp': ['malformed', () => good({ exp: undefined })],
  'no iat': ['malformed', () => good({ iat: undefined })],
  'exp as text': ['malformed', () => good({ exp: '9999999999' })],
  'two claims of one name': ['malformed', () => good({ 'team.name': 'blue', team: { name: 'red' } })],
  'a number that would become its neighbour': [
    'malformed',
    () => forge(header(), JSON.stringify(payload()).replace('{', '{"employee":9007199254740993,'), theirs),
  ],
  'ended 61 s ago': ['expired', () => good({ iat: nowSeconds() - 300, exp: nowSeconds() - 61 })],
  'issued 65 s ahead': ['not-yet-valid', () => good({ iat: nowSeconds() + 65 })],
  'a nbf 65 s ahead': ['not-yet-valid', () => good({ nbf: nowSeconds() + 65 })],
};

describe('an identity token', () => {
  test.each(Object.entries(TAKEN))('is taken: %s', async (_, token) => {
    expect(await faultOf(token())).toBeNull();
  });

  test.each(Object.entries(LIES))('is refused: %s', async (_, [reason, token]) => {
    expect(await faultOf(token())).toBe(reason);
  });

  test('is refused, not believed, where the key it names cannot be used', async () => {
    const token = forge(header({ alg: 'RS256', kid: 'short' }), payload(), rsa(short.privateKey));
    expect(await faultOf(token)).toBe('ERR_IDENTITY_UNAVAILABLE');
  });

  test('all of these cost two requests at the provider', () => {
    expect(provider.requests).toEqual({ discovery: 1, jwks: 1 });
  });

  test('is no assertion and no service account token', async () => {
    const token = good();
    await expect(world.verifyAssertion(token)).rejects.toMatchObject({ reason: 'issuer' });
    await expect(world.identity.identifyCaller({ kind: 'service_account', token })).rejects.toMatchObject({
      reason: 'forged',
    });
    const assertion = world.identity.signAssertion(claimsOf('alice'), null);
    expect(await faultOf(assertion)).toBe('issuer');
  });

  test.each([
    ['there is no provider', { bearerTokenFormat: 'idp_identity_token' }],
    [
      'nothing is said of bearer tokens',
      { provider: { issuer: 'https://idp.example', clientId: CLIENT, groupsClaim: 'groups' } },
    ],
  ] as const)("is nobody's where %s", async (_, options) => {
    await using other = await makeIdentity(options);
    expect(other.identity.findTokenKind(good())).toBeNull();
    await expect(other.identity.identifyCaller({ kind: 'provider_token', token: good() })).rejects.toMatchObject({
      code: 'ERR_CREDENTIAL_INVALID',
      reason: 'issuer',
    });
  });
});

describe('findTokenKind', () => {
  const CASES: Record<string, [token: Case, is: boolean]> = {
    'a good one': [() => good(), true],
    'an expired one': [() => good({ exp: 1 }), true],
    'a forged one': [() => forge(header(), payload(), hmac('x')), true],
    'of another issuer': [() => good({ iss: 'https://other.example' }), false],
    'of no issuer': [() => good({ iss: undefined }), false],
    'an opaque token': [() => 'gho_16C7e42F292c6912E7710c838347Ae178B4a', false],
    'two parts': [() => good().replace(/\.[^.]*$/, ''), false],
    nothing: [() => '', false],
    '100 KiB': [() => good({ pad: 'x'.repeat(102_400) }), false],
  };
  test.each(Object.entries(CASES))('%s', (_, [token, is]) => {
    expect(world.identity.findTokenKind(token())).toBe(is ? 'provider_token' : null);
  });
});
