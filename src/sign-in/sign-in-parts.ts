import type { Branding, SessionSettings } from '../config/config.ts';
import type { Log } from '../log.ts';
import type { Cache } from '../open-cache.ts';
import type { OpenIdClient, SignInSecrets } from '../openid/openid-client.ts';
import type { NewSession, Sessions } from '../session/session.ts';
import type { Answer } from './answer.ts';
import type { Cookies } from './cookies.ts';
import type { OwnEndpoints } from './own-context.ts';
import type { OwnRequest } from './own-request.ts';
import type { Seal } from './seal.ts';

/** How people say who they are where there is no provider (development). Asked on the authenticate host. */
export interface Chooser {
  /**
   * A page that asks, whose form POSTs to the address that it has itself; or, for such a POST, who they are. A POST is
   * known to be of the same origin.
   *
   * @param site that they want to reach: `app.example.com`, with the port where it has one
   */
  choose(request: OwnRequest, site: string): Promise<Answer | NewSession>;
}

export interface SignInOptions {
  /** Where people sign in; null where they cannot. Where it is there, exactly one of `openId` and `chooser` is too. */
  readonly authenticateServiceUrl: URL | null;
  readonly openId: OpenIdClient | null;
  readonly chooser: Chooser | null;
  readonly session: SessionSettings;
  readonly sessions: Sessions;
  /** 32 bytes. */
  readonly sharedSecret: Uint8Array;
  readonly branding: Branding;
  readonly signedOutUrl: URL | null;
  /** Asked for what is none of the sign-in's own addresses. */
  readonly programs: OwnEndpoints | null;
  readonly log: Log;
  servesHost(host: string): boolean;
}

/** What a route's host asks the authenticate host for. */
export interface SignInRequest {
  /** Of the route's host: `https://app.example.com`. */
  readonly origin: string;
  /** Where to go in the end: path and query. */
  readonly target: string;
  /** Of the browser that began: SHA-256 of what only its cookie on that host holds. */
  readonly browser: string;
  /** Whether the sign-in of another tab came between, and this is the second try. */
  readonly isRetry: boolean;
}

/** What a sign-in at the provider began with. */
export interface SignInState extends SignInSecrets {
  readonly request: SignInRequest;
}

/** What the authenticate host gives the route's host. */
export interface HandOver {
  readonly request: SignInRequest;
  /** The name of the route's host. */
  readonly host: string;
  readonly locator: string;
  readonly ticket: string;
}

/** What a sign-out gives the authenticate host. */
export interface SignOut {
  /** Where to sign in again; null where nobody can. */
  readonly signInUrl: string | null;
  /** For the provider; null where it is not to be asked. */
  readonly hint: {
    readonly idToken: string;
    /** Of the session that ended, which the browser's cookie on the authenticate host still names. */
    readonly locator: string;
  } | null;
}

/** Where people sign in, and how. */
export interface Authority {
  /** `https://authenticate.example.com`. */
  readonly origin: string;
  readonly host: string;
  readonly way: { readonly openId: OpenIdClient } | { readonly chooser: Chooser };
}

/** What all addresses of the sign-in stand on. */
export interface SignInParts extends SignInOptions {
  readonly authority: Authority | null;
  readonly cookies: Cookies;
  /** Of the provider's answers that were listened to. */
  readonly usedStates: Cache<true>;
  readonly seals: {
    readonly request: Seal<SignInRequest>;
    readonly state: Seal<SignInState>;
    readonly handOver: Seal<HandOver>;
    readonly signOut: Seal<SignOut>;
  };
}
