import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CompactSign, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { CALLBACK, SECRETS } from './open-client.ts';

/** What a lying provider does unlike an honest one. Whatever is not there, it does honestly. */
export interface Lies {
  discovery?: object;
  header?: object;
  /** Of the ID token; undefined takes a claim away. */
  claims?: Readonly<Record<string, unknown>>;
  /** Writes the ID token, instead of signing it. */
  writeToken?: (claims: JWTPayload) => string | Promise<string>;
  /** Of the token endpoint's answer. */
  tokens?: object;
  userinfo?: object | null;
  /** Answers the requests for a path itself. */
  instead?: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>>;
}

export interface LyingProvider extends AsyncDisposable {
  readonly issuer: string;
  lies: Lies;
  /** Where an honest provider sends the browser. */
  readonly callback: URL;
  /** The last request for tokens. */
  asked: { readonly body: URLSearchParams; readonly authorization: string | undefined } | null;
  requests: string[];
  sign(claims: JWTPayload, header?: object): Promise<string>;
  /** A payload as it stands. */
  signText(payload: string): Promise<string>;
}

export const ACCESS_TOKEN = 'an-access-token';
const HONEST_CLAIMS = { sub: 'alice', email: 'alice@companydomain.com', name: 'Alice', groups: ['engineering'] };

/** An OpenID provider on loopback that gives tokens for any code, and lies as it is told. */
export async function startLyingProvider(): Promise<LyingProvider> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const provider: LyingProvider = {
    issuer,
    lies: {},
    callback: new URL(`${CALLBACK}?code=a-code&state=${SECRETS.state}&iss=${encodeURIComponent(issuer)}`),
    asked: null,
    requests: [],
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid, ...header }).sign(privateKey),
    signText: (payload) =>
      new CompactSign(Buffer.from(payload)).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };

  async function answer(request: IncomingMessage): Promise<object | null> {
    const { lies } = provider;
    switch (request.url) {
      case '/.well-known/openid-configuration':
        return {
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/me`,
          end_session_endpoint: `${issuer}/end`,
          jwks_uri: `${issuer}/jwks`,
          authorization_response_iss_parameter_supported: true,
          id_token_signing_alg_values_supported: ['ES256'],
          ...lies.discovery,
        };
      case '/jwks':
        return { keys: [{ ...jwk, kid, use: 'sig', alg: 'ES256' }] };
      case '/me':
        return lies.userinfo === undefined ? { sub: 'alice' } : lies.userinfo;
      case '/token': {
        provider.asked = {
          body: new URLSearchParams(await text(request)),
          authorization: request.headers.authorization,
        };
        const now = Math.floor(Date.now() / 1000);
        const times = { iat: now, exp: now + 600 };
        const claims = { ...HONEST_CLAIMS, iss: issuer, aud: 'behalf', nonce: SECRETS.nonce, ...times, ...lies.claims };
        const idToken = await (lies.writeToken?.(claims) ?? provider.sign(claims, lies.header));
        return {
          access_token: ACCESS_TOKEN,
          token_type: 'Bearer',
          expires_in: 600,
          refresh_token: 'next-refresh-token',
          id_token: idToken,
          ...lies.tokens,
        };
      }
      default:
        return null;
    }
  }

  server.on('request', async (request, response) => {
    provider.requests.push(`${request.method} ${request.url}`);
    const instead = provider.lies.instead?.[request.url ?? ''];
    if (instead !== undefined) return instead(request, response);
    const body = await answer(request);
    response.writeHead(body === null ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  return provider;
}
