import { isOwnPath } from '../is-own-path.ts';
import { openCache } from '../open-cache.ts';
import type { Answer } from './answer.ts';
import { answerBackchannelLogout } from './answer-backchannel-logout.ts';
import { answerEndpoint, type Endpoint } from './answer-endpoint.ts';
import { answerHandOver } from './answer-hand-over.ts';
import { answerProviderCallback } from './answer-provider-callback.ts';
import { answerSignIn } from './answer-sign-in.ts';
import { answerSignOut } from './answer-sign-out.ts';
import { answerSignedOut } from './answer-signed-out.ts';
import { answerUser } from './answer-user.ts';
import { answerWhoAmI } from './answer-who-am-i.ts';
import { beginSignIn } from './begin-sign-in.ts';
import { openCookies } from './cookies.ts';
import { explainNoRedirect } from './explain-no-redirect.ts';
import type { OwnEndpoints } from './own-context.ts';
import type { OwnRequest } from './own-request.ts';
import {
  BACKCHANNEL_PATH,
  CALLBACK_PATH,
  HAND_OVER_PATH,
  SIGN_IN_PATH,
  SIGN_OUT_PATH,
  SIGNED_OUT_PATH,
} from './paths.ts';
import { openSeal } from './seal.ts';
import type { Authority, SignInOptions, SignInParts } from './sign-in-parts.ts';
import { writeOwnSignInUrl } from './write-own-sign-in-url.ts';

export type { Chooser, SignInOptions } from './sign-in-parts.ts';

/** The proxy's own addresses that have to do with who somebody is. */
export interface SignIn extends OwnEndpoints {
  /** What `/.well-known/pomerium` says beside the issuer and the keys. */
  readonly wellKnown: Readonly<Record<string, string>>;
  /** Whether `answer` is to be asked: `/.pomerium/...` on every host, `/oauth2/callback` on the authenticate host alone. */
  isOwn(host: string, path: string): boolean;
  /**
   * Sends a browser to sign in and back to `target` (path and query as they were asked for, encoded). Null where nobody
   * can sign in.
   */
  redirect(request: OwnRequest, target: string): Answer | null;
  /** Why `redirect` gives null, for the log; null where this proxy signs nobody in, or nobody of this host. */
  explainNoRedirect(request: OwnRequest): string | null;
  /** The address of this host where to sign in, which then leads to `target`; null where nobody can. */
  signInUrl(request: OwnRequest, target: string): string | null;
}

const USED = { count: 20_000, bytes: 4 * 1024 * 1024 };

/** Signing in and out with a browser (DESIGN, "Who calls"); the pages of it, and who somebody is. */
export function openSignIn(options: SignInOptions): SignIn {
  const parts = buildParts(options);
  const { authority, programs } = parts;
  const everywhere = listEndpoints(parts);
  const ofAuthority = listAuthorityEndpoints(parts);
  const find = ({ host, path }: Pick<OwnRequest, 'host' | 'path'>): Endpoint | undefined =>
    everywhere.get(path) ?? (host === authority?.host ? ofAuthority.get(path) : undefined);
  return {
    wellKnown: writeWellKnown(authority),
    isOwn: (host, path) => isOwnPath(path) || find({ host, path }) !== undefined,
    redirect: (request, target) => beginSignIn(parts, request, target),
    explainNoRedirect: (request) => explainNoRedirect(parts, request),
    signInUrl: (request, target) => writeOwnSignInUrl(parts, request, target),
    async answer(request, context) {
      const endpoint = find(request);
      if (endpoint !== undefined) return answerEndpoint(endpoint, request, context);
      return (await programs?.answer(request, context)) ?? null;
    },
  };
}

function buildParts(options: SignInOptions): SignInParts {
  const { authenticateServiceUrl, openId, chooser, sharedSecret } = options;
  const way = openId !== null ? { openId } : chooser !== null ? { chooser } : null;
  return {
    ...options,
    authority:
      authenticateServiceUrl === null || way === null
        ? null
        : { origin: authenticateServiceUrl.origin, host: authenticateServiceUrl.hostname, way },
    cookies: openCookies(options.session),
    usedStates: openCache(USED),
    seals: {
      request: openSeal(sharedSecret, 'signInRequest'),
      state: openSeal(sharedSecret, 'signInState'),
      handOver: openSeal(sharedSecret, 'handOver'),
      signOut: openSeal(sharedSecret, 'signOut'),
    },
  };
}

type Endpoints = ReadonlyMap<string, Endpoint>;
const READ = ['GET', 'HEAD'] as const;

/** By path, on every host. */
function listEndpoints(parts: SignInParts): Endpoints {
  const { authority } = parts;
  const whoAmI: Endpoint = { methods: READ, answer: (request, context) => answerWhoAmI(parts, request, context) };
  const all = new Map<string, Endpoint>([
    ['/.pomerium', whoAmI],
    ['/.pomerium/', whoAmI],
    ['/.pomerium/user', { methods: READ, answer: (request, context) => answerUser(parts, request, context) }],
  ]);
  if (authority === null) return all;
  return all
    .set(SIGN_IN_PATH, {
      methods: 'chooser' in authority.way ? [...READ, 'POST'] : READ,
      answer: (request, context) => answerSignIn(parts, authority, request, context),
    })
    .set(HAND_OVER_PATH, {
      // HEAD would use it up.
      methods: ['GET'],
      answer: (request, context) => answerHandOver(parts, request, context),
    })
    .set(SIGN_OUT_PATH, {
      methods: [...READ, 'POST'],
      answer: (request, context) => answerSignOut(parts, authority, request, context),
    });
}

/** By path, on the authenticate host alone. */
function listAuthorityEndpoints(parts: SignInParts): Endpoints {
  const { authority } = parts;
  const all = new Map<string, Endpoint>();
  if (authority === null) return all;
  const { way } = authority;
  all.set(SIGNED_OUT_PATH, {
    methods: READ,
    answer: (request) => answerSignedOut(parts, authority, request),
  });
  if (!('openId' in way)) return all;
  return all
    .set(CALLBACK_PATH, {
      methods: ['GET'],
      answer: (request, context) => answerProviderCallback(parts, authority, way.openId, request, context),
    })
    .set(BACKCHANNEL_PATH, {
      methods: ['POST'],
      answer: (request, context) => answerBackchannelLogout(parts, way.openId, request, context),
    });
}

function writeWellKnown(authority: Authority | null): SignIn['wellKnown'] {
  if (authority === null || !('openId' in authority.way)) return {};
  return {
    authentication_callback_endpoint: `${authority.origin}${CALLBACK_PATH}`,
    backchannel_logout_uri: `${authority.origin}${BACKCHANNEL_PATH}`,
  };
}
