import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionSettings } from '../../../src/config/config.ts';
import type { Caller } from '../../../src/engine/documents.ts';
import { BehalfError } from '../../../src/errors.ts';
import type { Log } from '../../../src/log.ts';
import { openOpenIdClient } from '../../../src/openid/open-openid-client.ts';
import type { OpenIdClient } from '../../../src/openid/openid-client.ts';
import { openOwnRequest } from '../../../src/proxy/open-own-request.ts';
import { readRequest } from '../../../src/proxy/read-request.ts';
import { refusalOfError } from '../../../src/proxy/refusal.ts';
import { respond } from '../../../src/proxy/respond.ts';
import { openSessions } from '../../../src/session/open-sessions.ts';
import type { Session, Sessions } from '../../../src/session/session.ts';
import { openCookies } from '../../../src/sign-in/cookies.ts';
import { findSession } from '../../../src/sign-in/find-session.ts';
import { openSignIn, type SignIn, type SignInOptions } from '../../../src/sign-in/open-sign-in.ts';
import type { WhoAmI } from '../../../src/sign-in/own-context.ts';
import type { OwnRequest } from '../../../src/sign-in/own-request.ts';
import { type RunningOpenIdProvider, startOpenIdProvider } from '../../support/start-openid-provider.ts';

export const SETTINGS: SessionSettings = {
  cookieName: '_pomerium',
  cookieDomain: null,
  sameSite: 'lax',
  lifetimeSeconds: 14 * 3600,
  outageGraceSeconds: 600,
};

const HOSTS = ['app.localhost', 'wiki.localhost'];

export interface RaisedSignIn extends AsyncDisposable {
  readonly port: number;
  /** `http://app.localhost:PORT`, and the like. */
  readonly app: string;
  readonly wiki: string;
  readonly authenticate: string;
  readonly provider: RunningOpenIdProvider;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  /** What was logged. */
  readonly lines: readonly string[];
  /** The logout tokens that came. */
  readonly notices: readonly string[];
}

/**
 * The sign-in on real sockets, with a real store and a real provider, and around it the least that a proxy is: everything
 * but own addresses is a page for whoever has a session ("app.localhost/a?b for alice"), and redirected for others.
 */
export async function raiseSignIn(
  settings: Partial<SessionSettings> = {},
  options: Partial<SignInOptions> = {},
): Promise<RaisedSignIn> {
  await using stack = new AsyncDisposableStack();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  });
  const { port } = server.address() as AddressInfo;
  const authenticate = `http://authenticate.localhost:${port}`;
  const provider = stack.use(await startOpenIdProvider({ authenticateUrl: authenticate }));
  const stateDir = await mkdtemp(join(tmpdir(), 'behalf-sign-in-'));
  stack.defer(() => rm(stateDir, { recursive: true, force: true }));

  const lines: string[] = [];
  const keep = (message: string, fields = {}): void => void lines.push(JSON.stringify({ message, ...fields }));
  const log: Log = { info: keep, warn: keep, error: keep };
  const session = { ...SETTINGS, ...settings };
  const { issuer, clientId, clientSecret } = provider;
  const client = openOpenIdClient({
    provider: {
      issuer,
      clientId,
      clientSecret,
      scopes: ['openid', 'email', 'profile'],
      requestParams: {},
      groupsClaim: 'groups',
      signedOutParam: 'post_logout_redirect_uri',
    },
    clockSkewSeconds: 60,
    log,
  });
  stack.use(client);
  const notices: string[] = [];
  const openId: OpenIdClient = {
    ...client,
    verifyLogoutToken(token) {
      notices.push(token);
      return client.verifyLogoutToken(token);
    },
  };
  const sharedSecret = randomBytes(32);
  const sessions = stack.use(openSessions({ stateDir, sharedSecret, settings: session, issuer, openId, log }));
  const signIn = openSignIn({
    authenticateServiceUrl: new URL(authenticate),
    openId,
    chooser: null,
    session,
    sessions,
    sharedSecret,
    branding: { name: 'Behalf', logo: null, color: null },
    signedOutUrl: null,
    programs: null,
    log,
    servesHost: (host) => HOSTS.includes(host),
    ...options,
  });

  const cookies = openCookies(session);
  const whoAmI = async (request: OwnRequest): Promise<WhoAmI> => {
    const found = await findSession(request, cookies, sessions);
    const session = found.kind === 'one' ? found.session : null;
    return {
      caller: session && buildCaller(session),
      session,
      originalUser: null,
      originalUserError: null,
      claims: null,
      refusedFor: [],
    };
  };
  server.on('request', async (message, response) => {
    const requestId = randomUUID();
    try {
      const read = readRequest(message, () => false);
      const request = openOwnRequest(read, 'http', message, response);
      if (signIn.isOwn(request.host, request.path)) {
        const answer = await signIn.answer(request, { requestId, whoAmI: () => whoAmI(request) });
        respond(response, requestId, answer ?? { status: 404, headers: [], body: '' });
        return;
      }
      const { caller } = await whoAmI(request);
      const target = read.path.encoded + read.search;
      const page = { status: 200, headers: [], body: `${request.host}${target} for ${caller?.id}` };
      respond(response, requestId, caller === null ? (signIn.redirect(request, target) ?? page) : page);
    } catch (error) {
      const { status, error: name, reasons } = refusalOfError(error) ?? { status: 499, error: 'gone', reasons: [] };
      keep('refused', { detail: error instanceof BehalfError ? error.message : String((error as Error).stack) });
      respond(response, requestId, { status, headers: [], body: [name, ...reasons].join(' ') });
    }
  });

  const resources = stack.move();
  return {
    port,
    app: `http://app.localhost:${port}`,
    wiki: `http://wiki.localhost:${port}`,
    authenticate,
    provider,
    sessions,
    signIn,
    lines,
    notices,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function buildCaller({ sid, person, endsAt }: Session): Caller {
  return { type: 'user', ...person, session_id: sid, expires_at: endsAt };
}
