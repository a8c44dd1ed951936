import type { Provider } from '../../src/config/config.ts';
import type { Log } from '../../src/log.ts';
import { openOpenIdClient } from '../../src/openid/open-openid-client.ts';
import type { OpenIdClient, SignInSecrets } from '../../src/openid/openid-client.ts';

export const AUTHENTICATE = 'http://authenticate.localhost:4443';
export const CALLBACK = `${AUTHENTICATE}/oauth2/callback`;
export const SECRETS: SignInSecrets = { state: 'the-state', nonce: 'the-nonce', codeVerifier: 'v'.repeat(43) };

/** The warnings of the client that was opened last. */
export const warnings: string[] = [];

const log: Log = { info() {}, warn: (message) => void warnings.push(message), error() {} };

export function openClient(
  provider: Pick<Provider, 'issuer'> & Partial<Provider>,
  clockSkewSeconds = 60,
): OpenIdClient {
  warnings.length = 0;
  const { issuer, clientId = 'behalf', clientSecret = 'secret', groupsClaim = 'groups', requestParams = {} } = provider;
  const scopes = provider.scopes ?? ['openid', 'profile', 'email', 'offline_access'];
  const { signedOutParam = 'post_logout_redirect_uri' } = provider;
  const options = { issuer, clientId, clientSecret, scopes, requestParams, groupsClaim, signedOutParam };
  return openOpenIdClient({ provider: options, clockSkewSeconds, log });
}

/** "ok", or what somebody is told: code, reason, message. */
export function outcomeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'ok',
    ({ code, reason, message }) => [code, ...(reason === null ? [] : [reason]), message].join(': '),
  );
}
