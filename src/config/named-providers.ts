import type { Provider } from './config.ts';

/** What is known of an identity provider by its name: Pomerium's defaults. */
export interface NamedProvider {
  /** Where it is if the configuration does not say; null where only the configuration can. */
  readonly issuer: string | null;
  readonly scopes: (issuer: string) => readonly string[];
  readonly requestParams: Provider['requestParams'];
  readonly signedOutParam: Provider['signedOutParam'];
}

const BASIC = ['openid', 'profile', 'email'];

/** With a refresh token; a provider that gives one unasked, or not by this scope, gets `BASIC`. */
const OFFLINE = [...BASIC, 'offline_access'];

/** Any provider with discovery, whose issuer is all that tells it from others. */
const ANY: NamedProvider = {
  issuer: null,
  scopes: () => OFFLINE,
  requestParams: {},
  signedOutParam: 'post_logout_redirect_uri',
};

export const NAMED_PROVIDERS = {
  oidc: ANY,
  auth0: ANY,
  // Without Pomerium's default: at its "common" issuer everybody with an account of Microsoft's signs in.
  azure: { ...ANY, requestParams: { prompt: 'select_account' } },
  // Its `end_session_endpoint` has names of its own (Amazon Cognito Developer Guide, "/logout").
  cognito: { ...ANY, scopes: () => BASIC, signedOutParam: 'logout_uri' },
  gitlab: { ...ANY, issuer: 'https://gitlab.com', scopes: () => BASIC },
  // It gives refresh tokens for `access_type`, and again only to those who consent again.
  google: {
    ...ANY,
    issuer: 'https://accounts.google.com',
    scopes: () => BASIC,
    requestParams: { prompt: 'select_account consent', access_type: 'offline' },
  },
  okta: ANY,
  onelogin: {
    ...ANY,
    issuer: 'https://openid-connect.onelogin.com/oidc',
    // Its second version refuses `offline_access`.
    scopes: (issuer) => [...(issuer.includes('/oidc/2') ? BASIC : OFFLINE), 'groups'],
  },
  ping: ANY,
} satisfies Record<string, NamedProvider>;

export type ProviderName = keyof typeof NAMED_PROVIDERS;

export const PROVIDER_NAMES = Object.keys(NAMED_PROVIDERS) as readonly ProviderName[];

const INSTEAD = 'put a provider of OpenID Connect before it, such as Keycloak or Dex, and write "oidc"';

/** Pomerium's other names, and why they are none here. */
export const OTHER_PROVIDERS: ReadonlyMap<string, string> = new Map([
  ['apple', `it answers by a form posted from its own site; ${INSTEAD}`],
  ['github', `it signs in by OAuth, without identity tokens; ${INSTEAD}`],
  ['hosted', "it is a service of Pomerium's; write the name of a provider of your own"],
]);
