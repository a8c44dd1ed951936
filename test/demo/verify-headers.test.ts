import { type CryptoKey, createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { fingerprint } from '../../src/demo/fingerprint.ts';
import { type Identity, verifyHeaders } from '../../src/demo/verify-headers.ts';

type SignKey = CryptoKey | Uint8Array;

const ours = await generateKeyPair('ES256');
const strangers = await generateKeyPair('ES256');
const jwk = { ...(await exportJWK(ours.publicKey)), kid: 'k1', alg: 'ES256' };
const now = Math.floor(Date.now() / 1000);
const trust = {
  keys: createLocalJWKSet({ keys: [jwk] }),
  host: 'api.localhost',
  actsForUsersOf: ['app.localhost', 'shop.localhost'],
};

const APP = { iss: 'api.localhost', aud: 'api.localhost', sub: 'app', email: '', caller_type: 'service_account' };
const ALICE = { iss: 'app.localhost', aud: 'app.localhost', sub: 'alice', email: 'a@x.example', caller_type: 'user' };

function sign(claims: object, key: SignKey = ours.privateKey, alg = 'ES256'): Promise<string> {
  return new SignJWT({ iat: now, exp: now + 300, ...claims })
    .setProtectedHeader({ alg, typ: 'JWT', kid: 'k1' })
    .sign(key);
}

async function headers(assertion?: string | Promise<string>, assertionFor?: string | Promise<string>) {
  return {
    ...(assertion === undefined ? {} : { 'x-pomerium-jwt-assertion': await assertion }),
    ...(assertionFor === undefined ? {} : { 'x-pomerium-jwt-assertion-for': await assertionFor }),
  };
}

const app = await sign(APP);
const alice = await sign(ALICE);
const publicKey = new TextEncoder().encode(JSON.stringify(jwk));

const lives = { iat: now, exp: now + 300 };
const caller: Identity = {
  type: 'service_account',
  id: 'app',
  email: '',
  audience: 'api.localhost',
  expiresAt: now + 300,
  claims: { ...lives, ...APP },
  fingerprint: fingerprint(app),
};
const originalUser: Identity = {
  type: 'user',
  id: 'alice',
  email: 'a@x.example',
  audience: 'app.localhost',
  expiresAt: now + 300,
  claims: { ...lives, ...ALICE },
  fingerprint: fingerprint(alice),
};
const ofShop = { ...ALICE, iss: 'shop.localhost', aud: 'shop.localhost' };
const shopper = await sign(ofShop);

describe('accepted', () => {
  test.each([
    ['the caller alone', headers(app), { caller, originalUser: null }],
    ['a caller for a user', headers(app, alice), { caller, originalUser }],
    [
      'a user of the other app on the list',
      headers(app, shopper),
      {
        caller,
        originalUser: {
          ...originalUser,
          audience: 'shop.localhost',
          claims: { ...lives, ...ofShop },
          fingerprint: fingerprint(shopper),
        },
      },
    ],
  ])('%s', async (_, given, expected) => {
    expect(await verifyHeaders(await given, trust)).toEqual(expected);
  });
});

describe('refused', () => {
  test.each([
    ['no Assertion', headers(), 'no X-Pomerium-Jwt-Assertion: not a request of the proxy'],
    ['-For without an Assertion', headers(undefined, alice), 'no X-Pomerium-Jwt-Assertion'],
    ["another app's Assertion as ours", headers(alice), 'unexpected "iss" claim value'],
    ['an Assertion for another app', headers(sign({ ...APP, aud: 'app.localhost' })), 'unexpected "aud" claim value'],
    ['our own Assertion as -For', headers(app, app), 'unexpected "iss" claim value'],
    ['-For for an app not on the list', headers(app, sign({ ...ALICE, aud: 'x' })), 'unexpected "aud" claim value'],
    ["a stranger's key", headers(sign(APP, strangers.privateKey)), 'signature verification failed'],
    ["-For with a stranger's key", headers(app, sign(ALICE, strangers.privateKey)), 'signature verification failed'],
    [
      'the public key as a secret',
      headers(sign(APP, publicKey, 'HS256')),
      '"alg" (Algorithm) Header Parameter value not allowed',
    ],
    ['an expired Assertion', headers(sign({ ...APP, exp: now - 60 })), '"exp" claim timestamp check failed'],
    ['an expired -For', headers(app, sign({ ...ALICE, exp: now - 60 })), '"exp" claim timestamp check failed'],
    ['no end', headers(sign({ ...APP, exp: undefined })), 'missing required "exp" claim'],
    ['nobody', headers(sign({ ...APP, sub: '' })), 'the assertion names nobody'],
    ['no type of caller', headers(sign({ ...APP, caller_type: undefined })), 'the assertion does not say who calls'],
    ['two values, as Node joins them', headers(`${app}, ${app}`), 'Invalid Compact JWS'],
    ['an empty -For', headers(app, ''), 'Invalid Compact JWS'],
  ])('%s', async (_, given, message) => {
    await expect(verifyHeaders(await given, trust)).rejects.toThrow(message);
  });
});
