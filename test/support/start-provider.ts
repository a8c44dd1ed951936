import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { CLIENT_ID } from '../../src/demo/scenario.ts';

export interface RunningProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Path of every request that came, also while it was down. */
  readonly requests: string[];
  /** While true, every connection is cut. */
  down: boolean;
  /** Signs an identity token that is good for 12 hours; `claims` and `header` add to the usual ones or replace them. */
  issue(claims: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** From now on another key, under another `kid`; the old one is published no more. */
  rotate(): Promise<void>;
}

const LIFETIME_S = 12 * 60 * 60;

/** A provider that says whatever a test wants, in this process: discovery and keys. Nobody can sign in there. */
export async function startProvider(): Promise<RunningProvider> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let key = await makeKey();
  const running: RunningProvider = {
    issuer,
    requests: [],
    down: false,
    issue: (claims, header = {}) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ iss: issuer, aud: CLIENT_ID, iat: now, exp: now + LIFETIME_S, ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: key.jwk.kid ?? '', ...header })
        .sign(key.privateKey);
    },
    rotate: async () => {
      key = await makeKey();
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
  server.on('request', ({ url = '', socket }, response) => {
    running.requests.push(url);
    if (running.down) socket.destroy();
    else if (url === '/.well-known/openid-configuration') respondJson(response, 200, discovery(issuer));
    else if (url === '/jwks') respondJson(response, 200, { keys: [key.jwk] });
    else respondJson(response, 404, { error: 'not_found' });
  });
  return running;
}

function discovery(issuer: string): object {
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
}

async function makeKey(): Promise<{ privateKey: CryptoKey; jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk: { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' } };
}

function respondJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
