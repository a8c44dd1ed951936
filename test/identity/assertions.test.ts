import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AssertionClaims, OriginalUserError } from '../../src/engine/documents.ts';
import { ecdsa, forge, hmac, type Signer } from './support/forge.ts';
import { holdClock } from './support/hold-clock.ts';
import { beSeen, claimsOf, makeIdentity, nowSeconds, SECRET, type World } from './support/make-identity.ts';

holdClock();
let world: World;
let kid: string;
let ours: Signer;

beforeAll(async () => {
  world = await makeIdentity();
  [{ kid }] = world.identity.jwks().keys as [{ kid: string }];
  ours = ecdsa(world.privateKey);
});
afterAll(() => world[Symbol.asyncDispose]());

const header = (changes: object = {}) => ({ alg: 'ES256', typ: 'JWT', kid, ...changes });
const payload = (changes: object = {}) => {
  const iat = nowSeconds();
  return { ...claimsOf('alice'), jti: 'j', iat, exp: iat + 300, ...changes };
};
const without = (name: string, from: object) =>
  Object.fromEntries(Object.entries(from).filter(([key]) => key !== name));
const pem = () => world.publicKey.export({ format: 'pem', type: 'spki' }).toString();
const stranger = ecdsa(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);

function faultOf(token: string): Promise<string | null> {
  return world.verifyAssertion(token).then(
    () => null,
    (error) => (error.code === 'ERR_ASSERTION_INVALID' ? error.reason : error),
  );
}

describe('what we sign', () => {
  test('says the claims, an id of its own and five minutes', () => {
    const before = nowSeconds();
    const token = world.identity.signAssertion(claimsOf('alice'), null);
    const { jti, iat, exp, ...claims } = decodeJwt(token);
    expect(claims).toEqual(claimsOf('alice'));
    expect(jti).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number(exp) - Number(iat)).toBe(300);
    expect(iat).toBeGreaterThanOrEqual(before);
    expect(iat).toBeLessThanOrEqual(nowSeconds());
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'JWT', kid });
  });

  test('is verified by a stock library with what the JWKS publishes', async () => {
    const [jwk] = world.identity.jwks().keys as [JWK];
    const token = world.identity.signAssertion(claimsOf('alice'), null);
    const { payload: verified } = await jwtVerify(token, jwk, {
      algorithms: ['ES256'],
      issuer: 'app.example.com',
      audience: 'app.example.com',
      typ: 'JWT',
    });
    expect(verified.sub).toBe('alice');
  });

  test('ends with its caller', () => {
    const end = nowSeconds() + 20;
    expect(decodeJwt(world.identity.signAssertion(claimsOf('alice'), end + 0.9)).exp).toBe(end);
  });

  test('never has one id twice', () => {
    const tokens = Array.from({ length: 50 }, (_, i) => world.identity.signAssertion(claimsOf(`a${i}`), null));
    expect(new Set(tokens.map((token) => decodeJwt(token).jti)).size).toBe(50);
  });

  test('comes back as the same identity', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 100 });
    const claims = fc.record({
      iss: fc.constantFrom('app.example.com', 'a.wild.example.com'),
      aud: fc.constantFrom('api.example.com', 'b.wild.example.com'),
      sub: text.filter((sub) => sub !== ''),
      user: text,
      email: text,
      name: text,
      groups: fc.array(text, { maxLength: 10 }),
      sid: text,
      caller_type: fc.constant('user' as const),
    });
    await fc.assert(
      fc.asyncProperty(claims, async (said) => {
        const user = await world.verifyAssertion(world.identity.signAssertion(said, null));
        const { type, id, email, name, groups, issuer, audience, expired } = user;
        expect({ type, id, email, name, groups, issuer, audience, expired }).toEqual({
          type: said.caller_type,
          id: said.sub,
          email: said.email,
          name: said.name,
          groups: said.groups,
          issuer: said.iss,
          audience: said.aud,
          expired: false,
        });
        expect(user.claims).toMatchObject({ groups: said.groups, sub: [said.sub] });
      }),
      { numRuns: 50 },
    );
  });

  const REFUSED: Record<string, [claims: object, expiresAt: number | null, reason: string]> = {
    'no iss': [{ iss: '' }, null, 'malformed'],
    'no aud': [{ aud: undefined }, null, 'malformed'],
    'no sub': [{ sub: '' }, null, 'malformed'],
    'no type of caller': [{ caller_type: undefined }, null, 'malformed'],
    'an iss that is no host of ours': [{ iss: 'evil.example' }, null, 'issuer'],
    'an aud that is no host of ours': [{ aud: 'evil.example' }, null, 'audience'],
    'a nbf to come': [{ nbf: 9_999_999_999 }, null, 'not-yet-valid'],
    'a caller who has ended': [{}, nowSeconds() - 1, 'expired'],
    'a caller who ends in this very second': [{}, nowSeconds(), 'expired'],
    'an end that is no number': [{}, Number.NaN, 'malformed'],
    'half of a surrogate pair': [{ name: '\ud800' }, null, 'malformed'],
  };
  test.each(Object.entries(REFUSED))('is not: %s', (_, [claims, expiresAt, reason]) => {
    const said = { ...claimsOf('alice'), ...claims } as AssertionClaims;
    expect(() => world.identity.signAssertion(said, expiresAt)).toThrow(
      expect.objectContaining({
        code: 'ERR_ENGINE_DECISION',
        reason,
        message: expect.stringMatching(/^no assertion was signed: /),
      }),
    );
  });

  test('is not: more than the way back takes', () => {
    const said = { ...claimsOf('alice'), groups: Array.from({ length: 400 }, (_, i) => `a-long-group-${i}`) };
    expect(() => world.identity.signAssertion(said, null)).toThrow(
      expect.objectContaining({
        code: 'ERR_HEADERS_TOO_LARGE',
        reason: 'headers-too-large',
        message: expect.stringMatching(/^an assertion of \d+ bytes, and 8192 are the limit$/),
      }),
    );
  });

  test('has the times that we say, whatever the claims say', () => {
    const said = { ...claimsOf('alice'), exp: '9999999999', iat: '1', jti: 'mine' };
    const { exp, iat, jti } = decodeJwt(world.identity.signAssertion(said, null));
    expect(Number(exp) - Number(iat)).toBe(300);
    expect(jti).not.toBe('mine');
  });
});

describe('the JWKS', () => {
  test('holds the public half alone', async () => {
    const { keys } = world.identity.jwks();
    const { kty, crv, x, y } = world.publicKey.export({ format: 'jwk' });
    expect(keys).toEqual([{ kty, crv, x, y, kid, use: 'sig', alg: 'ES256' }]);
    expect(kid).toBe(await calculateJwkThumbprint({ kty, crv, x, y } as JWK, 'sha256'));
  });
});

describe('verifyAssertion', () => {
  test('gives everything that the assertion says', async () => {
    const said = payload({ team: { name: 'blue' } });
    expect(await world.verifyAssertion(forge(header(), said, ours))).toEqual({
      type: 'user',
      id: 'alice',
      email: 'alice@companydomain.com',
      name: 'Alice Á. Example',
      groups: ['staff', 'ops'],
      claims: expect.objectContaining({ sub: ['alice'], groups: ['staff', 'ops'], 'team.name': ['blue'] }),
      issuer: 'app.example.com',
      audience: 'app.example.com',
      expires_at: said.exp,
      expired: false,
    });
  });

  type Case = () => string;
  const TAKEN: Record<string, Case> = {
    'as we write it': () => forge(header(), payload(), ours),
    'another order of header members': () => forge({ kid, typ: 'JWT', alg: 'ES256' }, payload(), ours),
    'an aud that is a list of one': () => forge(header(), payload({ aud: ['api.example.com'] }), ours),
    'hosts of a wildcard': () =>
      forge(header(), payload({ iss: 'a.wild.example.com', aud: 'b.wild.example.com' }), ours),
    'no email, name, groups and sid': () => {
      const said = ['email', 'name', 'groups', 'sid'].reduce<object>((from, name) => without(name, from), payload());
      return forge(header(), said, ours);
    },
    'ten minutes of life': () => forge(header(), payload({ exp: nowSeconds() + 600 }), ours),
    'ended 3 s ago': () => forge(header(), payload({ iat: nowSeconds() - 300, exp: nowSeconds() - 3 }), ours),
    'issued 4 s ahead': () => forge(header(), payload({ iat: nowSeconds() + 4 }), ours),
    'a nbf 4 s ahead': () => forge(header(), payload({ nbf: nowSeconds() + 4 }), ours),
  };
  test.each(Object.entries(TAKEN))('takes %s', async (_, token) => {
    expect(await faultOf(token())).toBeNull();
  });

  const unsigned: Signer = () => Buffer.from('');
  const LIES: Record<string, [reason: OriginalUserError, token: Case]> = {
    nothing: ['malformed', () => ''],
    'plain text': ['malformed', () => 'alice'],
    'more than 8 KiB': ['malformed', () => forge(header(), payload({ pad: 'x'.repeat(8192) }), ours)],
    '100 KiB of dots': ['malformed', () => '.'.repeat(102_400)],
    padding: ['malformed', () => `${forge(header(), payload(), ours)}==`],
    'two values in one': [
      'malformed',
      () => `${forge(header(), payload(), ours)}, ${forge(header(), payload(), ours)}`,
    ],
    'a claim twice': [
      'malformed',
      () => forge(header(), JSON.stringify(payload()).replace('{', '{"sub":"bob",'), ours),
    ],
    'a critical extension': ['malformed', () => forge(header({ crit: ['x'], x: 1 }), payload(), ours)],
    'an unencoded payload': ['malformed', () => forge(header({ b64: false, crit: ['b64'] }), payload(), ours)],

    'no signature': ['malformed', () => forge(header({ alg: 'none' }), payload(), unsigned)],
    'alg none with something for a signature': ['signature', () => forge(header({ alg: 'none' }), payload(), ours)],
    'alg nOnE': ['signature', () => forge(header({ alg: 'nOnE' }), payload(), ours)],
    'HS256 with the public key as the secret': [
      'signature',
      () => forge(header({ alg: 'HS256' }), payload(), hmac(pem())),
    ],
    'HS256 with the shared secret': ['signature', () => forge(header({ alg: 'HS256' }), payload(), hmac(SECRET))],
    'ES384 in the header': ['signature', () => forge(header({ alg: 'ES384' }), payload(), ours)],
    'no alg': ['signature', () => forge({ typ: 'JWT', kid }, payload(), ours)],
    "a stranger's key under our kid": ['signature', () => forge(header(), payload(), stranger)],
    'an unknown kid': ['signature', () => forge(header({ kid: 'other' }), payload(), ours)],
    'no kid': ['signature', () => forge({ alg: 'ES256', typ: 'JWT' }, payload(), ours)],
    'a kid that is a path': ['signature', () => forge(header({ kid: '../../dev/null' }), payload(), hmac(''))],
    'the key in the header': [
      'signature',
      () => {
        const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        return forge(header({ jwk: publicKey.export({ format: 'jwk' }) }), payload(), ecdsa(privateKey));
      },
    ],
    "our own signature, but a header of somebody's": [
      'signature',
      () => forge(header({ jku: 'https://x' }), payload(), ours),
    ],
    x5c: ['signature', () => forge(header({ x5c: ['MII'] }), payload(), ours)],
    x5u: ['signature', () => forge(header({ x5u: 'https://evil.example/c' }), payload(), ours)],
    zip: ['signature', () => forge(header({ zip: 'DEF' }), payload(), ours)],
    'the typ of another kind': [
      'signature',
      () => forge(header({ typ: 'behalf-service-account+jwt' }), payload(), ours),
    ],
    'no typ': ['signature', () => forge({ alg: 'ES256', kid }, payload(), ours)],
    'a DER signature': [
      'signature',
      () => forge(header(), payload(), (input) => sign('sha256', Buffer.from(input), world.privateKey)),
    ],
    'a signature of zeros (CVE-2022-21449)': ['signature', () => forge(header(), payload(), () => Buffer.alloc(64))],
    'the payload of one with the signature of another': [
      'signature',
      () => {
        const [head, , signature] = forge(header(), payload(), ours).split('.');
        const [, bob] = forge(header(), payload({ sub: 'bob' }), ours).split('.');
        return `${head}.${bob}.${signature}`;
      },
    ],

    'an iss that is not ours': ['issuer', () => forge(header(), payload({ iss: 'evil.example' }), ours)],
    'an iss with a port': ['issuer', () => forge(header(), payload({ iss: 'app.example.com:443' }), ours)],
    'an iss in capitals': ['issuer', () => forge(header(), payload({ iss: 'APP.example.com' }), ours)],
    'an iss that is a list': ['issuer', () => forge(header(), payload({ iss: ['app.example.com'] }), ours)],
    'no iss': ['issuer', () => forge(header(), without('iss', payload()), ours)],
    'an aud that is not ours': ['audience', () => forge(header(), payload({ aud: 'evil.example' }), ours)],
    'an aud of two, both ours': [
      'malformed',
      () => forge(header(), payload({ aud: ['app.example.com', 'api.example.com'] }), ours),
    ],
    'an empty aud': ['malformed', () => forge(header(), payload({ aud: [] }), ours)],
    'an aud in a list in a list': ['malformed', () => forge(header(), payload({ aud: [['app.example.com']] }), ours)],

    'no sub': ['malformed', () => forge(header(), without('sub', payload()), ours)],
    'an empty sub': ['malformed', () => forge(header(), payload({ sub: '' }), ours)],
    'a sub that is a number': ['malformed', () => forge(header(), payload({ sub: 1 }), ours)],
    'no jti': ['malformed', () => forge(header(), without('jti', payload()), ours)],
    'no exp': ['malformed', () => forge(header(), without('exp', payload()), ours)],
    'no iat': ['malformed', () => forge(header(), without('iat', payload()), ours)],
    'exp as text': ['malformed', () => forge(header(), payload({ exp: '9999999999' }), ours)],
    'a nbf that is null': ['malformed', () => forge(header(), payload({ nbf: null }), ours)],
    'no type of caller': ['malformed', () => forge(header(), without('caller_type', payload()), ours)],
    'another type of caller': ['malformed', () => forge(header(), payload({ caller_type: 'admin' }), ours)],
    'an email that is a list': ['malformed', () => forge(header(), payload({ email: ['a@companydomain.com'] }), ours)],
    'groups that are text': ['malformed', () => forge(header(), payload({ groups: 'staff' }), ours)],
    'a group that is a number': ['malformed', () => forge(header(), payload({ groups: ['staff', 1] }), ours)],
    'a sid that is a number': ['malformed', () => forge(header(), payload({ sid: 1 }), ours)],
    'a life of more than ten minutes': ['malformed', () => forge(header(), payload({ exp: nowSeconds() + 601 }), ours)],

    'ended 7 s ago': [
      'expired',
      () => forge(header(), payload({ iat: nowSeconds() - 300, exp: nowSeconds() - 7 }), ours),
    ],
    'issued 7 s ahead': ['not-yet-valid', () => forge(header(), payload({ iat: nowSeconds() + 7 }), ours)],
    'a nbf 7 s ahead': ['not-yet-valid', () => forge(header(), payload({ nbf: nowSeconds() + 7 }), ours)],
    'a service account of no record': [
      'revoked',
      () => forge(header(), payload({ caller_type: 'service_account' }), ours),
    ],
  };
  test.each(Object.entries(LIES))('refuses %s', async (_, [reason, token]) => {
    expect(await faultOf(token())).toBe(reason);
  });

  test('an error never quotes the token', async () => {
    const token = forge(header(), payload(), stranger);
    await expect(world.verifyAssertion(token)).rejects.toMatchObject({
      code: 'ERR_ASSERTION_INVALID',
      message: 'the assertion is not signed with a key of this proxy',
    });
  });

  test('one that was good is refused after its end', async () => {
    const token = world.identity.signAssertion(claimsOf('alice'), null);
    expect(await faultOf(token)).toBeNull();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 306_000 });
    expect(await faultOf(token)).toBe('expired');
  });

  test("a service account's own assertion lives as long as the token behind it", async () => {
    const { identity, serviceAccounts } = world;
    const token = serviceAccounts.create('app', null);
    const { session_id: sid } = await identity.identifyCaller({ kind: 'service_account', token });
    const assertion = identity.signAssertion(claimsOf('app', 'service_account', sid), null);
    // A person's session under such a name ends with it too.
    const borrowed = identity.signAssertion(claimsOf('alice', 'user', sid), null);
    expect([await faultOf(assertion), await faultOf(borrowed)]).toEqual([null, null]);
    serviceAccounts.revoke({ jti: sid });
    await beSeen();
    expect([await faultOf(assertion), await faultOf(borrowed)]).toEqual(['revoked', 'revoked']);
  });

  test("a service account's own assertion does not outlive the token behind it", async () => {
    const { identity, serviceAccounts } = world;
    const token = serviceAccounts.create('short-lived', 60);
    const { session_id: sid } = await identity.identifyCaller({ kind: 'service_account', token });
    const assertion = identity.signAssertion(claimsOf('short-lived', 'service_account', sid), null);
    expect(await faultOf(assertion)).toBeNull();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect(await faultOf(assertion)).toBe('revoked');
  });

  test('no byte of a good one can be changed', async () => {
    const token = world.identity.signAssertion(claimsOf('alice'), null);
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom(...'AQgw09-_='), async (at, letter) => {
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        expect((await faultOf(changed)) === null).toBe(changed === token);
      }),
    );
  });
});

describe('a service account token', () => {
  test('is no assertion, nor the other way round', async () => {
    const { identity, serviceAccounts } = world;
    const token = serviceAccounts.create('app', null);
    const assertion = identity.signAssertion(claimsOf('app'), null);
    expect(await faultOf(token)).toBe('issuer');
    await expect(identity.identifyCaller({ kind: 'service_account', token: assertion })).rejects.toMatchObject({
      code: 'ERR_CREDENTIAL_INVALID',
      reason: 'forged',
    });
  });
});
