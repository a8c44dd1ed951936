import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenIdClient } from '../../src/openid/openid-client.ts';
import { makeCertificate } from '../support/make-certificate.ts';
import { CALLBACK, openClient, outcomeOf, SECRETS, warnings } from './open-client.ts';
import { ACCESS_TOKEN, type Lies, type LyingProvider, startLyingProvider } from './start-lying-provider.ts';

let provider: LyingProvider;
let client: OpenIdClient;

beforeAll(async () => {
  provider = await startLyingProvider();
});
afterAll(() => provider[Symbol.asyncDispose]());
beforeEach(() => {
  provider.lies = {};
  provider.requests = [];
  client?.[Symbol.dispose]();
  client = openClient({ issuer: provider.issuer });
});

const finish = (lies: Lies, callback = provider.callback): Promise<string> => {
  provider.lies = lies;
  return outcomeOf(client.finish(callback, SECRETS));
};
const leftHalf = (text: string): string =>
  createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
const failed = (reason: string, problem: string): string => `ERR_SIGN_IN_FAILED: ${reason}: the sign-in ${problem}`;
const badToken = (problem: string, reason = 'id-token'): string =>
  failed(reason, `cannot be believed: of the provider's ID token, ${problem}`);
const badUserinfo = (problem: string): string =>
  failed('userinfo', `cannot be believed: of the provider's userinfo, ${problem}`);
const away = (problem: string, ...reason: readonly string[]): string =>
  `${['ERR_PROVIDER_UNAVAILABLE', ...reason].join(': ')}: the identity provider ${JSON.stringify(provider.issuer)}: ${problem}`;
const now = (): number => Math.floor(Date.now() / 1000);

interface Case {
  readonly lie: () => Lies;
  readonly outcome: string | (() => string);
  /** The same, but true. */
  readonly honest?: () => Lies;
}

function testAll(cases: Readonly<Record<string, Case>>): void {
  for (const [name, { lie, outcome, honest }] of Object.entries(cases)) {
    test(name, async () => {
      expect(await finish(lie())).toBe(typeof outcome === 'string' ? outcome : outcome());
      client[Symbol.dispose]();
      client = openClient({ issuer: provider.issuer });
      expect(await finish(honest?.() ?? {})).toBe('ok');
    });
  }
}

describe('an ID token is none', () => {
  testAll({
    'of another issuer': {
      lie: () => ({ claims: { iss: 'https://elsewhere.example' } }),
      outcome: badToken('unexpected JWT "iss" (issuer) claim value', 'issuer'),
    },
    'for another client': {
      lie: () => ({ claims: { aud: 'another' } }),
      outcome: badToken('unexpected JWT "aud" (audience) claim value'),
      honest: () => ({ claims: { aud: ['behalf'] } }),
    },
    'for two clients, without azp': {
      lie: () => ({ claims: { aud: ['behalf', 'another'] } }),
      outcome: badToken('ID Token "aud" (audience) claim includes additional untrusted audiences'),
      honest: () => ({ claims: { aud: ['behalf', 'another'], azp: 'behalf' } }),
    },
    'for two clients, got by the other': {
      lie: () => ({ claims: { aud: ['behalf', 'another'], azp: 'another' } }),
      outcome: badToken('unexpected ID Token "azp" (authorized party) claim value'),
    },
    'got by another client': {
      lie: () => ({ claims: { azp: 'another' } }),
      outcome: badToken('its azp is another client'),
      honest: () => ({ claims: { azp: 'behalf' } }),
    },
    'with the nonce of another sign-in': {
      lie: () => ({ claims: { nonce: 'another-nonce' } }),
      outcome: badToken('unexpected ID Token "nonce" claim value', 'nonce'),
    },
    'without a nonce': {
      lie: () => ({ claims: { nonce: undefined } }),
      outcome: badToken('JWT "nonce" (nonce) claim missing'),
    },
    'that has ended': {
      lie: () => ({ claims: { exp: now() - 120 } }),
      outcome: badToken('unexpected JWT "exp" (expiration time) claim value, expiration is past current timestamp'),
      honest: () => ({ claims: { exp: now() - 30 } }),
    },
    'that begins later': {
      lie: () => ({ claims: { nbf: now() + 300 } }),
      outcome: badToken('unexpected JWT "nbf" (not before) claim value'),
      honest: () => ({ claims: { nbf: now() + 30 } }),
    },
    'with the hash of another access token': {
      lie: () => ({ claims: { at_hash: leftHalf('another') } }),
      outcome: badToken('its at_hash is of another access token'),
      honest: () => ({ claims: { at_hash: leftHalf(ACCESS_TOKEN) } }),
    },
    'with a hash that is no text': {
      lie: () => ({ claims: { at_hash: true } }),
      outcome: badToken('its at_hash is of another access token'),
    },
    'without a subject': {
      lie: () => ({ claims: { sub: undefined } }),
      outcome: badToken('JWT "sub" (subject) claim missing'),
    },
    'that nobody signed': {
      lie: () => ({ writeToken: (claims) => new UnsecuredJWT(claims).encode() }),
      outcome: badToken('unexpected JWT "alg" header parameter'),
    },
    'that nobody signed, though the provider says that nobody does': {
      lie: () => ({
        discovery: { id_token_signing_alg_values_supported: ['ES256', 'none'] },
        writeToken: (claims) => new UnsecuredJWT(claims).encode(),
      }),
      outcome: badToken('unsupported JWS "alg" identifier'),
    },
    'signed with the client secret': {
      lie: () => ({
        discovery: { id_token_signing_alg_values_supported: ['ES256', 'HS256'] },
        writeToken: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from('secret')),
      }),
      outcome: badToken('unsupported JWS algorithm'),
    },
    'signed with another key': {
      lie: () => ({
        writeToken: async (claims) => {
          const { privateKey } = await generateKeyPair('ES256');
          return new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
        },
      }),
      outcome: badToken('JWT signature verification failed'),
    },
    'with a key that it brings along': {
      lie: () => ({
        writeToken: async (claims) => {
          const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
          const header = { alg: 'ES256', kid: 'mine', jwk: await exportJWK(publicKey) };
          return new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
        },
      }),
      outcome: badToken('error when selecting a JWT verification key, no applicable keys found'),
    },
    'with a critical header': {
      lie: () => ({ header: { crit: ['b64'], b64: true } }),
      outcome: badToken('no JWT "crit" header parameter extensions are supported'),
    },
    'with a claim twice': {
      lie: () => ({
        writeToken: (claims) => {
          const twice = JSON.stringify(claims).replace('{', '{"sub":"bob",');
          return provider.signText(twice);
        },
      }),
      outcome: badToken('it is no strict compact JWS'),
    },
    'that is not there': {
      lie: () => ({ tokens: { id_token: undefined } }),
      outcome: badToken('"response" body "id_token" property must be a string'),
    },
  });
});

describe('userinfo is none', () => {
  testAll({
    'of somebody else': {
      lie: () => ({ userinfo: { sub: 'bob', email: 'bob@companydomain.com' } }),
      outcome: badUserinfo('unexpected "response" body "sub" property value'),
      honest: () => ({ userinfo: { sub: 'alice', email: 'alice@companydomain.com' } }),
    },
    'of nobody': {
      lie: () => ({ userinfo: { email: 'bob@companydomain.com' } }),
      outcome: badUserinfo('"response" body "sub" property must be a string'),
    },
    'that the provider refuses': {
      lie: () => ({
        instead: {
          '/me': (_, response) => response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end(),
        },
      }),
      outcome: failed('userinfo', "is refused by the provider's userinfo endpoint"),
    },
    'that does not come': {
      lie: () => ({ instead: { '/me': (_, response) => response.writeHead(500).end() } }),
      outcome: () => away('unexpected HTTP response status code'),
    },
  });
});

describe('a provider is none', () => {
  testAll({
    'that calls itself another': {
      lie: () => ({ discovery: { issuer: 'https://elsewhere.example' } }),
      outcome: () =>
        away('calls itself "https://elsewhere.example": write that as idp_provider_url', 'provider-mismatch'),
    },
    'that calls itself nearly the same': {
      lie: () => ({ discovery: { issuer: `${provider.issuer}/` } }),
      outcome: () => away(`calls itself "${provider.issuer}/": write that as idp_provider_url`, 'provider-mismatch'),
    },
    'that sends elsewhere for what it says of itself': {
      lie: () => ({
        instead: {
          '/.well-known/openid-configuration': (_, response) =>
            response.writeHead(302, { location: `${provider.issuer}/elsewhere` }).end(),
        },
      }),
      outcome: () => away('unexpected HTTP response status code'),
    },
    'that takes codes in clear text': {
      lie: () => ({ discovery: { token_endpoint: 'http://192.0.2.1/token' } }),
      outcome: () => unprotected('http://192.0.2.1/token'),
    },
    'that publishes its keys in clear text': {
      lie: () => ({ discovery: { jwks_uri: 'http://192.0.2.1/jwks' } }),
      outcome: () => unprotected('http://192.0.2.1/jwks'),
    },
    'that tells of people in clear text': {
      lie: () => ({ discovery: { userinfo_endpoint: 'http://192.0.2.1/me' } }),
      outcome: () => unprotected('http://192.0.2.1/me'),
    },
    'that talks without end': {
      lie: () => ({ tokens: { more: 'x'.repeat(300_000) } }),
      outcome: () =>
        `ERR_PROVIDER_UNAVAILABLE: the identity provider: "${provider.issuer}/token" answers with more than 262144 bytes`,
    },
    'that answers no JSON': {
      lie: () => ({ instead: { '/token': (_, response) => response.end('<html>') } }),
      outcome: () => away('unexpected response content-type'),
    },
    'that refuses this client': {
      lie: () => ({
        instead: {
          '/token': (_, response) =>
            response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}'),
        },
      }),
      outcome: () =>
        away(
          'refuses this client, "invalid_client": check idp_client_id, idp_client_secret and idp_scopes',
          'client-refused',
        ),
    },
    'that is ill': {
      lie: () => ({
        instead: {
          '/token': (_, response) =>
            response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"server_error"}'),
        },
      }),
      outcome: () => away('refuses this client, "server_error": check idp_client_id, idp_client_secret and idp_scopes'),
    },
  });

  const unprotected = (url: string): string =>
    `ERR_PROVIDER_UNAVAILABLE: the identity provider: "${url}" is neither https: nor http: on loopback`;

  test('at an address in clear text that is not loopback', async () => {
    const elsewhere = openClient({ issuer: 'http://192.0.2.1' });
    expect(await outcomeOf(elsewhere.begin('https://authenticate.example/oauth2/callback', SECRETS))).toBe(
      'ERR_PROVIDER_UNAVAILABLE: the identity provider "http://192.0.2.1": is neither https: nor http: on loopback',
    );
  });

  test('with TLS, that has secrets sent to a server on loopback in clear text', async () => {
    const trusted = getCACertificates('default');
    await using stack = new AsyncDisposableStack();
    stack.defer(() => setDefaultCACertificates(trusted));
    const { certificate: cert, key } = await makeCertificate('127.0.0.1');
    setDefaultCACertificates([...trusted, cert]);
    const server = createServer({ cert, key }).listen(0, '127.0.0.1');
    stack.defer(() => void server.close());
    await once(server, 'listening');
    const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    let tokenUrl = `${provider.issuer}/token`;
    const asked: unknown[] = [];
    server.on('request', ({ url }, response) => {
      asked.push(url);
      const document = { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: tokenUrl };
      response
        .writeHead(200, { 'content-type': 'application/json', connection: 'close' })
        .end(JSON.stringify(document));
    });
    const finish = () =>
      outcomeOf(openClient({ issuer }).finish(new URL(`${CALLBACK}?code=c&state=the-state`), SECRETS));
    provider.requests = [];
    expect(await finish()).toBe(
      `ERR_PROVIDER_UNAVAILABLE: the identity provider "${issuer}": only requests to HTTPS are allowed`,
    );
    expect(provider.requests).toEqual([]);
    tokenUrl = `${issuer}/token`;
    await finish();
    const discovery = '/.well-known/openid-configuration';
    expect(asked).toEqual([discovery, discovery, '/token']);
  });

  test('that sends browsers to an address in clear text', async () => {
    provider.lies = { discovery: { authorization_endpoint: 'http://192.0.2.1/auth' } };
    expect(await outcomeOf(client.begin('https://authenticate.example/oauth2/callback', SECRETS))).toBe(
      away('names an address that is not https:'),
    );
  });
});

describe('what a browser comes back with is no answer', () => {
  const cases: Readonly<Record<string, { change: (parameters: URLSearchParams) => void; outcome: string }>> = {
    'to the question of another browser': {
      change: (parameters) => parameters.set('state', 'another'),
      outcome: failed('state', 'is not the one that this browser began'),
    },
    'to no question': {
      change: (parameters) => parameters.delete('state'),
      outcome: failed('state', 'is not the one that this browser began'),
    },
    'of another provider': {
      change: (parameters) => parameters.set('iss', 'https://elsewhere.example'),
      outcome: failed('issuer', 'came back from another provider'),
    },
    'that hides which provider it is of': {
      change: (parameters) => parameters.delete('iss'),
      outcome: badToken('response parameter "iss" (issuer) missing'),
    },
    'with two codes': {
      change: (parameters) => parameters.append('code', 'another'),
      outcome: failed('callback', 'came back with "code" twice'),
    },
    'with two states': {
      change: (parameters) => parameters.append('state', 'another'),
      outcome: failed('callback', 'came back with "state" twice'),
    },
    'without a code': {
      change: (parameters) => parameters.delete('code'),
      outcome: failed('code', 'came back without a code'),
    },
    'but an error': {
      change: (parameters) => parameters.set('error', 'access_denied'),
      outcome: failed('access-denied', 'is refused by the provider: access_denied'),
    },
    'but an error of somebody who writes links': {
      change: (parameters) => parameters.set('error', 'call +1 555 0100 to unlock your account'),
      outcome: failed('provider-error', 'is refused by the provider'),
    },
    'but tokens': {
      change: (parameters) => parameters.set('id_token', 'a.b.c'),
      outcome: badToken('implicit and hybrid flows are not supported'),
    },
  };
  for (const [name, { change, outcome }] of Object.entries(cases)) {
    test(name, async () => {
      const callback = new URL(provider.callback);
      change(callback.searchParams);
      expect(await finish({}, callback)).toBe(outcome);
      expect(provider.requests).not.toContain('POST /token');
      expect(await finish({})).toBe('ok');
    });
  }
});

test('neither codes nor tokens are in what is said of a failure', async () => {
  const lies: readonly Lies[] = [
    { claims: { nonce: 'another' } },
    { tokens: { token_type: 'unknown' } },
    { tokens: { expires_in: -1 } },
    { userinfo: { sub: 'bob' } },
  ];
  for (const lie of lies) {
    provider.lies = lie;
    const error = await client.finish(provider.callback, SECRETS).catch((thrown) => thrown);
    const shown = inspect(error, { depth: null, showHidden: true });
    for (const secret of [ACCESS_TOKEN, 'next-refresh-token', 'a-code', SECRETS.codeVerifier]) {
      expect(shown).not.toContain(secret);
    }
  }
});

describe('no refresh token where one was asked for', () => {
  const WARNING = 'the provider gave no refresh token though offline_access was asked: sessions end with its tokens';

  test.each<readonly [what: string, lies: Lies, scopes: readonly string[], expected: readonly string[]]>([
    ['is logged once', { tokens: { refresh_token: undefined } }, ['openid', 'offline_access'], [WARNING]],
    ['is not where nobody asked for it', { tokens: { refresh_token: undefined } }, ['openid'], []],
    ['is not where it came', {}, ['openid', 'offline_access'], []],
  ])('%s', async (_, lies, scopes, expected) => {
    client[Symbol.dispose]();
    client = openClient({ issuer: provider.issuer, scopes });
    expect([await finish(lies), await finish(lies)]).toEqual(['ok', 'ok']);
    expect(warnings).toEqual(expected);
  });
});

describe('a refresh', () => {
  const person = { id: 'alice', email: 'old@x.example', name: '', groups: [], claims: {} };
  const refresh = async (lies: Lies) => {
    provider.lies = {};
    const { tokens } = await client.finish(provider.callback, SECRETS);
    provider.lies = lies;
    return client.refresh(tokens, person);
  };
  const overage = { _claim_names: { groups: 'src1' }, groups: undefined };
  const cases: Readonly<Record<string, [lies: Lies, kind: string, detail?: string]>> = {
    'is one': [{}, 'refreshed'],
    'is one without an ID token': [{ tokens: { id_token: undefined } }, 'refreshed'],
    'is one without a new refresh token': [{ tokens: { refresh_token: undefined } }, 'refreshed'],
    'for somebody else ends': [
      { claims: { sub: 'bob' }, userinfo: { sub: 'bob' } },
      'ended',
      'the sign-in is renewed for somebody else',
    ],
    'for somebody else, by userinfo, ends': [
      { userinfo: { sub: 'bob' } },
      'ended',
      badUserinfo('unexpected "response" body "sub" property value').slice('ERR_SIGN_IN_FAILED: userinfo: '.length),
    ],
    'into too many groups ends': [
      { claims: overage },
      'ended',
      'the sign-in leaves the groups out (groups overage): have the provider send fewer',
    ],
    'with an ID token that nobody signed is for later': [
      { writeToken: (claims) => new UnsecuredJWT(claims).encode() },
      'unavailable',
      'the sign-in cannot be believed: of the provider\'s ID token, unexpected JWT "alg" header parameter',
    ],
    'with an ID token of another client is for later': [
      { claims: { azp: 'another' } },
      'unavailable',
      "the sign-in cannot be believed: of the provider's ID token, its azp is another client",
    ],
  };
  for (const [name, [lies, kind, detail]] of Object.entries(cases)) {
    test(name, async () => {
      const refreshed = await refresh(lies);
      expect([refreshed.kind, 'detail' in refreshed ? refreshed.detail : undefined]).toEqual([kind, detail]);
      if (refreshed.kind === 'refreshed') {
        expect(refreshed).toMatchObject({ person: { id: 'alice', email: 'alice@companydomain.com' } });
        expect(refreshed.tokens.refreshToken).toBe('next-refresh-token');
      }
    });
  }
});
