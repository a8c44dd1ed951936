import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  fetchUserInfo,
  refreshTokenGrant,
  type TokenEndpointResponse,
} from 'openid-client';
import type { Provider } from '../config/config.ts';
import { BehalfError } from '../errors.ts';
import { isProtectedUrl } from '../identity/is-protected-url.ts';
import { openFetchedKeys } from '../identity/open-fetched-keys.ts';
import type { CompactJws } from '../identity/parse-compact-jws.ts';
import type { Log } from '../log.ts';
import type { Person, ProviderTokens } from '../session/session.ts';
import { checkCallback } from './check-callback.ts';
import { describePerson } from './describe-person.ts';
import { discoverProvider } from './discover-provider.ts';
import { openDiscovery } from './open-discovery.ts';
import type { OpenIdClient, Refreshed, SignedIn, SignInSecrets } from './openid-client.ts';
import { parseIdToken } from './parse-id-token.ts';
import { findProblem, providerUnavailable, signInFailed, translateOpenidError } from './translate-openid-error.ts';
import { verifyLogoutToken } from './verify-logout-token.ts';

export interface OpenIdOptions {
  readonly provider: Provider;
  readonly clockSkewSeconds: number;
  readonly log: Log;
}

type Issued = Pick<TokenEndpointResponse, 'access_token' | 'expires_in' | 'id_token' | 'refresh_token'>;
/** As JSON has them. */
type Claims = Readonly<Record<string, unknown>>;

/** Longer ones could make an address that servers do not take; the provider then asks who signs out. */
const MAX_HINT_LENGTH = 4096;

/** What ends a session. An answer that cannot be believed does not: it may be of a provider that is changing its keys. */
const REFUSALS = ['code', 'groups-overage', 'subject', 'userinfo'];

/** Behalf as a client of `provider`, which is asked nothing until something is needed of it. */
export function openOpenIdClient({ provider, clockSkewSeconds, log }: OpenIdOptions): OpenIdClient {
  const { issuer, clientId, scopes, requestParams, groupsClaim, signedOutParam } = provider;
  const closing = new AbortController();
  let hasNoted = false;
  const judge = openFetchedKeys({ kind: 'issuer', issuer }, closing.signal);
  const findConfiguration = openDiscovery(async () => {
    try {
      return await discoverProvider(provider, clockSkewSeconds);
    } catch (error) {
      log.warn('the identity provider cannot be asked', { issuer, error: (error as Error).message });
      throw error;
    }
  });

  async function begin(redirectUri: string, { state, nonce, codeVerifier }: SignInSecrets): Promise<URL> {
    const url = buildAuthorizationUrl(await findConfiguration(), {
      ...requestParams,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: scopes.join(' '),
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
    return protectedOnly(url);
  }

  async function finish(callback: URL, { state, nonce, codeVerifier }: SignInSecrets): Promise<SignedIn> {
    checkCallback(callback.searchParams, issuer, state);
    const configuration = await findConfiguration();
    const response = await read('id-token', () =>
      authorizationCodeGrant(configuration, callback, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
      }),
    );
    noteRefreshToken(response);
    const idToken = parseIdToken(response.id_token ?? '', clientId, response.access_token);
    const userinfo = await readUserinfo(configuration, response.access_token, String(idToken.payload['sub']));
    return {
      person: describePerson(idToken.payload, userinfo, groupsClaim),
      providerSid: readSid(idToken),
      tokens: readTokens(response, idToken),
    };
  }

  /** Some providers give one only to who consents each time. Said once. */
  function noteRefreshToken({ refresh_token: token }: Issued): void {
    if (token !== undefined || hasNoted || !scopes.includes('offline_access')) return;
    hasNoted = true;
    const problem = 'the provider gave no refresh token though offline_access was asked: sessions end with its tokens';
    log.warn(problem, { issuer, advice: 'some give one only with idp_request_params: { prompt: consent }' });
  }

  async function refresh(tokens: ProviderTokens, person: Person): Promise<Refreshed> {
    try {
      return { kind: 'refreshed', ...(await refreshOnce(tokens, person)) };
    } catch (error) {
      const { reason, message } = translateOpenidError(error, issuer, 'id-token');
      return { kind: REFUSALS.includes(reason ?? '') ? 'ended' : 'unavailable', detail: message };
    }
  }

  async function refreshOnce(
    { refreshToken, idToken: before, expiresAt }: ProviderTokens,
    person: Person,
  ): Promise<SignedIn> {
    if (refreshToken === null) throw signInFailed('code', 'cannot be renewed: there is no refresh token');
    const configuration = await findConfiguration();
    const renewed = await read('id-token', () => refreshTokenGrant(configuration, refreshToken));
    // The provider may leave the ID token out (OpenID Connect Core 1.0, section 12.2).
    const { id_token: token, access_token: accessToken } = renewed;
    const old = parseIdToken(before, clientId, null);
    const idToken = token === undefined ? old : parseIdToken(token, clientId, accessToken);
    if (idToken.payload['sub'] !== person.id) throw signInFailed('subject', 'is renewed for somebody else');
    const described = await describeAgain(configuration, idToken, accessToken);
    const issued = readTokens({ id_token: before, refresh_token: refreshToken, ...renewed }, idToken);
    return {
      person: described ?? person,
      providerSid: readSid(idToken) ?? readSid(old),
      tokens: described === null ? { ...issued, expiresAt } : issued,
    };
  }

  /**
   * Null where userinfo is away. The person stays then, as the old refresh token is used up and the new one must not be
   * lost; but not for longer than before, as nobody has said that they are still the same.
   */
  async function describeAgain(
    configuration: Configuration,
    { payload }: CompactJws,
    accessToken: string,
  ): Promise<Person | null> {
    try {
      return describePerson(
        payload,
        await readUserinfo(configuration, accessToken, String(payload['sub'])),
        groupsClaim,
      );
    } catch (error) {
      if (!(error instanceof BehalfError) || error.code !== 'ERR_PROVIDER_UNAVAILABLE') throw error;
      log.warn('a session is refreshed without userinfo', { issuer, error: error.message });
      return null;
    }
  }

  function readUserinfo(configuration: Configuration, accessToken: string, sub: string): Promise<Claims> {
    const isThere = configuration.serverMetadata().userinfo_endpoint !== undefined;
    return isThere ? read('userinfo', () => fetchUserInfo(configuration, accessToken, sub)) : Promise.resolve({});
  }

  async function read<T>(answer: 'id-token' | 'userinfo', ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw translateOpenidError(error, issuer, answer);
    }
  }

  async function buildSignOutUrl(idToken: string | null, signedOutUrl: string): Promise<URL | null> {
    try {
      const configuration = await findConfiguration();
      if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
      const hint = idToken === null || idToken.length > MAX_HINT_LENGTH ? {} : { id_token_hint: idToken };
      const parameters = { ...hint, [signedOutParam]: signedOutUrl };
      return protectedOnly(buildEndSessionUrl(configuration, parameters));
    } catch (error) {
      log.warn('nobody can be signed out at the identity provider', { issuer, error: findProblem(error) });
      return null;
    }
  }

  function protectedOnly(url: URL): URL {
    if (!isProtectedUrl(url.href)) throw providerUnavailable(issuer, 'names an address that is not https:');
    return url;
  }

  return {
    begin,
    finish,
    refresh,
    buildSignOutUrl,
    async verifyLogoutToken(token) {
      try {
        return await verifyLogoutToken(token, { issuer, clientId, clockSkewSeconds }, judge);
      } catch (error) {
        const isAway = error instanceof BehalfError && error.code === 'ERR_IDENTITY_UNAVAILABLE';
        throw isAway ? providerUnavailable(issuer, error.message) : error;
      }
    },
    // A refresh under way goes on: the refresh token that it uses up would be lost with its answer.
    [Symbol.dispose]: () => closing.abort(),
  };
}

function readSid({ payload: { sid } }: CompactJws): string | null {
  return typeof sid === 'string' && sid !== '' ? sid : null;
}

function readTokens(response: Issued, { payload }: CompactJws): ProviderTokens {
  const accessEnd = Math.floor(Date.now() / 1000) + (response.expires_in ?? 0);
  return {
    idToken: response.id_token ?? '',
    accessToken: response.access_token,
    refreshToken: response.refresh_token ?? null,
    expiresAt: Math.floor(Math.min(Math.max(Number(payload['exp']), accessEnd), Number.MAX_SAFE_INTEGER)),
  };
}
