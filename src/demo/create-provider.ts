import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
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

export interface Person {
  readonly sub: string;
  readonly email: string;
  readonly name: string;
  readonly groups: readonly string[];
}

export interface ProviderOptions {
  /** Where the listener will be reached; no slash at the end. */
  readonly issuer: string;
  readonly clientId: string;
  readonly people: readonly Person[];
}

export interface Provider {
  readonly listener: RequestListener;
  /** Signs an identity token that is good for 12 hours; `claims` and `header` add to the usual ones or replace them. */
  issue(claims: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** From now on another key, under another `kid`; the old one is published no more. */
  rotate(): Promise<void>;
}

const LIFETIME_S = 12 * 60 * 60;

/**
 * A small OpenID provider: discovery, JWKS, and a token endpoint that asks for no password. It is for loopback and its
 * people are made up.
 */
export async function createProvider({ issuer, clientId, people }: ProviderOptions): Promise<Provider> {
  let key = await makeKey();
  const issue: Provider['issue'] = (claims, header = {}) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: issuer, aud: clientId, iat: now, exp: now + LIFETIME_S, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: key.jwk.kid ?? '', ...header })
      .sign(key.privateKey);
  };

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (`${request.method} ${request.url}`) {
      case 'GET /.well-known/openid-configuration':
        return respondJson(response, 200, discovery(issuer));
      case 'GET /jwks':
        return respondJson(response, 200, { keys: [key.jwk] });
      case 'POST /token': {
        const username = new URLSearchParams(await text(request)).get('username');
        const person = people.find(({ email }) => email === username);
        if (person === undefined) return respondJson(response, 400, { error: 'invalid_grant' });
        const idToken = await issue({ ...person, groups: [...person.groups], email_verified: true });
        return respondJson(response, 200, { id_token: idToken, token_type: 'Bearer', expires_in: LIFETIME_S });
      }
      default:
        return respondJson(response, 404, { error: 'not_found' });
    }
  }

  return {
    listener: (request, response) => {
      respond(request, response).catch((error: Error) => response.destroy(error));
    },
    issue,
    rotate: async () => {
      key = await makeKey();
    },
  };
}

/** RFC 8414 section 2: without a grant that uses it, `authorization_endpoint` may be absent. */
function discovery(issuer: string): object {
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    token_endpoint: `${issuer}/token`,
    grant_types_supported: ['password'],
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
