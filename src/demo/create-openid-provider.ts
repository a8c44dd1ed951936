import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { type Configuration, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { Agent, fetch as fetchWith } from 'undici';
import { createOpenIdMemory } from './create-openid-memory.ts';
import { writeProviderPage } from './write-provider-page.ts';

export interface OpenIdPerson {
  readonly sub: string;
  readonly email: string;
  readonly name: string;
  readonly groups: readonly string[];
  /** Default true. */
  readonly emailVerified?: boolean;
}

/** A Behalf that this provider knows. */
export interface OpenIdRegistration {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Its `authenticate_service_url`: all addresses that the provider knows of it are below. */
  readonly authenticateUrl: string;
}

/** Seconds that what the provider issues is good for. */
export interface OpenIdLifetimes {
  readonly idToken: number;
  readonly accessToken: number;
  /** 0: no refresh tokens are issued. */
  readonly refreshToken: number;
}

export interface OpenIdProviderOptions {
  /** Where the listener will be reached; no slash at the end. */
  readonly issuer: string;
  readonly clients: readonly OpenIdRegistration[];
  readonly people: readonly OpenIdPerson[];
  readonly lifetimes?: Partial<OpenIdLifetimes>;
}

export interface OpenIdProvider {
  readonly listener: RequestListener;
  /** From now on: a person who is gone can neither sign in nor refresh. */
  setPeople(people: readonly OpenIdPerson[]): void;
  setLifetimes(lifetimes: Partial<OpenIdLifetimes>): void;
  /** Ends a person's sessions here, and tells each client of theirs (Back-Channel Logout 1.0). Rejects where one does not take it. */
  signOut(sub: string): Promise<void>;
}

/** oidc-provider's own, which its types leave out. */
interface NotifiedClient {
  backchannelLogout(sub: string, sid: string | undefined): Promise<void>;
}

const LIFETIMES: OpenIdLifetimes = { idToken: 3600, accessToken: 3600, refreshToken: 14 * 86_400 };

/**
 * A real OpenID provider for loopback, whose people are made up: one click says which of them you are. Code flow with
 * PKCE alone, `iss` in its answers, userinfo, refresh tokens that rotate, sign-out at its own address and by
 * back-channel. It forgets everything when its process ends.
 */
export async function createOpenIdProvider(options: OpenIdProviderOptions): Promise<OpenIdProvider> {
  let { people } = options;
  let lifetimes = { ...LIFETIMES, ...options.lifetimes };
  const memory = createOpenIdMemory();
  const key = await makeKey();

  const configuration: Configuration = {
    adapter: (kind) => memory.open(kind),
    clients: options.clients.map(describeClient),
    jwks: { keys: [key] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    // The claims of all scopes but `openid` come from userinfo alone (OpenID Connect Core 1.0, section 5.4).
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    responseTypes: ['code'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async () => lifetimes.refreshToken > 0,
    ttl: {
      IdToken: () => lifetimes.idToken,
      AccessToken: () => lifetimes.accessToken,
      RefreshToken: () => lifetimes.refreshToken,
      Interaction: 3600,
      Session: 14 * 86_400,
      Grant: 14 * 86_400,
    },
    findAccount: (_, sub) => {
      const person = people.find((one) => one.sub === sub);
      return person && { accountId: sub, claims: async () => describePerson(person) };
    },
    loadExistingGrant: grantAll,
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => respondPage(ctx, writeProviderPage({ kind: 'sign-out', form })),
        postLogoutSuccessSource: (ctx) => respondPage(ctx, writeProviderPage({ kind: 'signed-out' })),
      },
    },
    renderError: (ctx, { error, error_description: detail }) =>
      respondPage(ctx, writeProviderPage({ kind: 'error', message: `${error}: ${detail ?? ''}` })),
    fetch: fetchOnLoopback,
  };
  const provider = new Provider(options.issuer, configuration);
  const answer = provider.callback();

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { params } = await provider.interactionDetails(request, response);
    if (request.method !== 'POST') {
      const client = String(params['client_id']);
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(writeProviderPage({ kind: 'choose', client, people, action: request.url ?? '' }));
      return;
    }
    const chosen = new URLSearchParams(await text(request)).get('person');
    const person = people.find(({ sub }) => sub === chosen);
    const result = person === undefined ? { error: 'access_denied' } : { login: { accountId: person.sub } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }

  return {
    listener: (request, response) => {
      if (!request.url?.startsWith('/interaction/')) {
        answer(request, response);
        return;
      }
      interact(request, response).catch((error: Error) => {
        response.writeHead(400, { 'content-type': 'text/html; charset=utf-8' });
        response.end(writeProviderPage({ kind: 'error', message: error.message }));
      });
    },
    setPeople: (changed) => {
      people = changed;
    },
    setLifetimes: (changed) => {
      lifetimes = { ...lifetimes, ...changed };
    },
    async signOut(sub) {
      for (const id of memory.listSessions(sub)) {
        const session = await provider.Session.find(id);
        for (const [clientId, { sid }] of Object.entries(session?.authorizations ?? {})) {
          const client = (await provider.Client.find(clientId)) as NotifiedClient | undefined;
          await client?.backchannelLogout(sub, sid);
        }
        await session?.destroy();
      }
    },
  };
}

function describeClient({ clientId, clientSecret, authenticateUrl }: OpenIdRegistration) {
  const at = (path: string) => new URL(path, authenticateUrl).href;
  return {
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uris: [at('/oauth2/callback')],
    post_logout_redirect_uris: [at('/.pomerium/signed_out')],
    backchannel_logout_uri: at('/.pomerium/backchannel_logout'),
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code', 'refresh_token'],
    id_token_signed_response_alg: 'ES256' as const,
    scope: 'openid profile email offline_access',
  };
}

function describePerson({ sub, email, name, groups, emailVerified = true }: OpenIdPerson) {
  return { sub, email, email_verified: emailVerified, name, groups: [...groups] };
}

/** Nobody is asked whether Behalf may know who they are: all is granted that it asks for. */
async function grantAll({ oidc }: KoaContextWithOIDC) {
  const { client, session, params, provider } = oidc;
  if (!client || !session?.accountId) return undefined;
  const known = session.grantIdFor(client.clientId);
  const grant = known === undefined ? undefined : await provider.Grant.find(known);
  if (grant !== undefined) return grant;
  const made = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  made.addOIDCScope(String(params?.['scope']));
  await made.save();
  return made;
}

function respondPage(ctx: KoaContextWithOIDC, html: string): void {
  ctx.type = 'html';
  ctx.body = html;
}

/**
 * For back-channel logout: clients are at names like `authenticate.localhost`, which browsers take for this machine
 * (RFC 6761, section 6.3) and resolvers may not.
 */
const loopback = new Agent({
  connect: {
    lookup: (_, { all }, callback) =>
      all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4),
  },
});

async function fetchOnLoopback(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const { method = 'GET', body, redirect = 'manual' } = init ?? {};
  const headers = [...new Headers(init?.headers)];
  const response = await fetchWith(String(url), {
    method,
    headers,
    body: String(body),
    redirect,
    dispatcher: loopback,
  });
  return new Response(await response.text(), { status: response.status });
}

async function makeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' };
}
