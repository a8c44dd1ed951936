import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenIdClient } from '../../src/openid/openid-client.ts';
import { openClient, outcomeOf } from './open-client.ts';
import { type LyingProvider, startLyingProvider } from './start-lying-provider.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

let provider: LyingProvider;
let client: OpenIdClient;

beforeAll(async () => {
  provider = await startLyingProvider();
  client = openClient(provider);
});
afterAll(async () => {
  client[Symbol.dispose]();
  await provider[Symbol.asyncDispose]();
});

const now = (): number => Math.floor(Date.now() / 1000);
const claimsOf = (changes: object): Record<string, unknown> => ({
  iss: provider.issuer,
  aud: 'behalf',
  iat: now(),
  exp: now() + 120,
  jti: 'one',
  sub: 'alice',
  sid: 'session-of-alice',
  events: { [EVENT]: {} },
  ...changes,
});
const sign = (changes: object, header: object = { typ: 'logout+jwt' }): Promise<string> =>
  provider.sign(claimsOf(changes), header);

describe('a logout token', () => {
  const cases: Readonly<Record<string, [changes: object, personId: string | null, providerSid: string | null]>> = {
    'names person and session': [{}, 'alice', 'session-of-alice'],
    'names a person': [{ sid: undefined }, 'alice', null],
    'names a session': [{ sub: undefined }, null, 'session-of-alice'],
    'is for several': [{ aud: ['another', 'behalf'] }, 'alice', 'session-of-alice'],
  };
  for (const [name, [changes, personId, providerSid]] of Object.entries(cases)) {
    test(name, async () => {
      const claims = claimsOf(changes);
      expect(await client.verifyLogoutToken(await provider.sign(claims, { typ: 'logout+jwt' }))).toEqual({
        personId,
        providerSid,
        jti: 'one',
        expiresAt: Number(claims['exp']) + 60,
      });
    });
  }

  for (const typ of [undefined, 'JWT', 'application/logout+jwt', 'LOGOUT+JWT']) {
    test(`may have the type ${typ}`, async () => {
      expect(await outcomeOf(client.verifyLogoutToken(await sign({}, typ === undefined ? {} : { typ })))).toBe('ok');
    });
  }

  test('has to be remembered for an hour at most', async () => {
    const iat = now();
    const { expiresAt } = await client.verifyLogoutToken(await sign({ iat, exp: iat + 1e9 }));
    expect(expiresAt).toBe(iat + 3660);
  });
});

describe('no logout token', () => {
  const cases: Readonly<Record<string, [token: () => string | Promise<string>, problem: string]>> = {
    'is nothing': [() => '', 'is no compact JWS of at most 16384 characters'],
    'is very long': [() => sign({ more: 'x'.repeat(16_384) }), 'is no compact JWS of at most 16384 characters'],
    'is of another issuer': [() => sign({ iss: 'https://elsewhere.example' }), 'is not of the identity provider'],
    'is for another client': [() => sign({ aud: 'another' }), 'is not for this client'],
    'is for nobody': [() => sign({ aud: undefined }), 'is not for this client'],
    'is an access token': [() => sign({}, { typ: 'at+jwt' }), 'is another kind of token'],
    'is an ID token': [() => sign({ events: undefined, nonce: 'n' }, { typ: 'JWT' }), 'tells of no sign-out'],
    'is an ID token with events': [() => sign({ nonce: 'n' }), 'has a nonce'],
    'is an ID token with events and no nonce to speak of': [() => sign({ nonce: null }), 'has a nonce'],
    'tells of something else': [() => sign({ events: { 'http://x.example': {} } }), 'tells of no sign-out'],
    'tells it as a list': [() => sign({ events: { [EVENT]: [] } }), 'tells of no sign-out'],
    'tells it as text': [() => sign({ events: { [EVENT]: 'yes' } }), 'tells of no sign-out'],
    'has ended': [() => sign({ iat: now() - 600, exp: now() - 61 }), 'is expired'],
    'has no end': [() => sign({ exp: undefined }), 'is malformed'],
    'has no beginning': [() => sign({ iat: undefined }), 'is malformed'],
    'is of tomorrow': [() => sign({ iat: now() + 86_400, exp: now() + 90_000 }), 'is not-yet-valid'],
    'is of yesterday': [() => sign({ iat: now() - 86_400, exp: now() + 120 }), 'is expired'],
    'has no jti': [() => sign({ jti: undefined }), 'has no jti'],
    'has an empty jti': [() => sign({ jti: '' }), 'has no jti'],
    'has a long jti': [() => sign({ jti: 'j'.repeat(1025) }), 'has no jti'],
    'names nobody': [() => sign({ sub: undefined, sid: undefined }), 'names nobody'],
    'names a number': [() => sign({ sub: 7 }), 'names nobody'],
    'names an empty session': [() => sign({ sid: '' }), 'names nobody'],
    'is signed by nobody': [
      () => new UnsecuredJWT(claimsOf({})).encode(),
      'is no compact JWS of at most 16384 characters',
    ],
    'is changed afterwards': [
      async () => {
        const [header, , signature] = (await sign({})).split('.');
        return [header, Buffer.from(JSON.stringify(claimsOf({ sub: 'bob' }))).toString('base64url'), signature].join(
          '.',
        );
      },
      'is not signed with a key of the identity provider',
    ],
    'names a key that is not there': [
      () => sign({}, { kid: 'another' }),
      'is not signed with a key of the identity provider',
    ],
  };
  for (const [name, [token, problem]] of Object.entries(cases)) {
    test(name, async () => {
      expect(await outcomeOf(client.verifyLogoutToken(await token()))).toBe(
        `ERR_SIGN_IN_FAILED: logout-token: the sign-in cannot be ended: the logout token ${problem}`,
      );
    });
  }

  test('is judged while the provider is away', async () => {
    provider.lies = {
      instead: { '/.well-known/openid-configuration': (_, response) => response.writeHead(503).end() },
    };
    using fresh = openClient(provider);
    expect(await outcomeOf(fresh.verifyLogoutToken(await sign({})))).toMatch(/^ERR_PROVIDER_UNAVAILABLE: /);
    provider.lies = {};
  });
});
