import type { Person, ProviderTokens } from '../session/session.ts';

/** What a sign-in sends with the person, and expects back. */
export interface SignInSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface SignedIn {
  readonly person: Person;
  readonly providerSid: string | null;
  readonly tokens: ProviderTokens;
}

/** `ended`: the provider said no. `unavailable`: it did not answer, or not as a provider does. */
export type Refreshed =
  | ({ readonly kind: 'refreshed' } & SignedIn)
  | { readonly kind: 'ended'; readonly detail: string }
  | { readonly kind: 'unavailable'; readonly detail: string };

/** Whom a provider wants signed out; at least one is there. */
export interface LogoutNotice {
  readonly providerSid: string | null;
  readonly personId: string | null;
  readonly jti: string;
  /** Seconds since 1970: until when `jti` must be remembered. */
  readonly expiresAt: number;
}

/**
 * Behalf as a client of its identity provider (OpenID Connect Core 1.0, code flow with PKCE). Every method takes some
 * seconds at most; a provider that is away makes it reject with ERR_PROVIDER_UNAVAILABLE, and is asked again next time.
 */
export interface OpenIdClient extends Disposable {
  /** Where to send the browser. */
  begin(redirectUri: string, secrets: SignInSecrets): Promise<URL>;
  /**
   * Who came back to `callback`, the whole URL that the browser asked for. Rejects with ERR_SIGN_IN_FAILED (`reason`: a
   * kebab-case code, e.g. `access-denied`, `state`, `nonce`, `issuer`, `code`, `id-token`, `groups-overage`).
   */
  finish(callback: URL, secrets: SignInSecrets): Promise<SignedIn>;
  /** Never rejects. `person.id` is that of before. */
  refresh(tokens: ProviderTokens, person: Person): Promise<Refreshed>;
  /** Null where the provider has no end_session_endpoint, or is away. Without an ID token the provider asks who signs out. */
  buildSignOutUrl(idToken: string | null, signedOutUrl: string): Promise<URL | null>;
  /** Rejects with ERR_SIGN_IN_FAILED for what is no logout token for us (Back-Channel Logout 1.0 section 2.6). */
  verifyLogoutToken(token: string): Promise<LogoutNotice>;
}
