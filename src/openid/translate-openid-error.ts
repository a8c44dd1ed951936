import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { BehalfError } from '../errors.ts';

/** RFC 6749, section 4.1.2.1, and OpenID Connect Core 1.0, section 3.1.2.6: what a provider may send a browser back with. */
const AUTHORIZATION_ERRORS = [
  'access_denied',
  'account_selection_required',
  'consent_required',
  'interaction_required',
  'invalid_request',
  'invalid_scope',
  'login_required',
  'server_error',
  'temporarily_unavailable',
  'unauthorized_client',
  'unsupported_response_type',
];

/** What the token endpoint says of the code or the refresh token (RFC 6749, section 5.2); the rest it says of us. */
const GRANT_ERRORS = ['invalid_grant', 'access_denied', 'consent_required', 'interaction_required', 'login_required'];

/** What it says of us, and will say again (the same section). */
const CLIENT_ERRORS = [
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
];

/** openid-client's codes for answers that are there, and must not be believed. */
const UNBELIEVABLE = [
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JWT_USERINFO_EXPECTED',
  'OAUTH_KEY_SELECTION_FAILED',
  'OAUTH_UNSUPPORTED_OPERATION',
];

const ANSWERS = { 'id-token': 'ID token', userinfo: 'userinfo' };
const CLAIM_REASONS: Readonly<Record<string, string>> = { nonce: 'nonce', iss: 'issuer' };

/** `problem` completes "the sign-in ...", and never quotes a code or token. */
export function signInFailed(reason: string, problem: string): BehalfError {
  return new BehalfError('ERR_SIGN_IN_FAILED', `the sign-in ${problem}`, { reason });
}

/**
 * Errors of openid-client as ours: ERR_SIGN_IN_FAILED where the provider said no, or something that must not be
 * believed, else ERR_PROVIDER_UNAVAILABLE. Theirs are not kept as `cause`: they hold codes and tokens.
 *
 * @param answer what was read: the reason of a failure that is not one claim's
 */
export function translateOpenidError(error: unknown, issuer: string, answer: 'id-token' | 'userinfo'): BehalfError {
  const own = findOwn(error);
  if (own !== null) return own;
  if (error instanceof AuthorizationResponseError) return refusedByProvider(error.error);
  if (error instanceof ResponseBodyError) {
    const shown = JSON.stringify(error.error.slice(0, 64));
    if (GRANT_ERRORS.includes(error.error)) return signInFailed('code', `is refused by the provider: ${shown}`);
    const advice = 'check idp_client_id, idp_client_secret and idp_scopes';
    const reason = CLIENT_ERRORS.includes(error.error) ? 'client-refused' : undefined;
    return providerUnavailable(issuer, `refuses this client, ${shown}: ${advice}`, reason);
  }
  if (error instanceof WWWAuthenticateChallengeError) {
    return answer === 'userinfo'
      ? signInFailed('userinfo', "is refused by the provider's userinfo endpoint")
      : providerUnavailable(issuer, 'refuses this client: check idp_client_id and idp_client_secret', 'client-refused');
  }
  const problem = findProblem(error);
  if (error instanceof ClientError && error.code !== undefined && UNBELIEVABLE.includes(error.code)) {
    const reason = CLAIM_REASONS[findClaim(error.cause) ?? ''] ?? answer;
    return signInFailed(reason, `cannot be believed: of the provider's ${ANSWERS[answer]}, ${problem}`);
  }
  return providerUnavailable(issuer, problem);
}

/** @param reason `client-refused` or `provider-mismatch` where waiting does not help: what is configured is wrong */
export function providerUnavailable(issuer: string, problem: string, reason?: string): BehalfError {
  const message = `the identity provider ${JSON.stringify(issuer)}: ${problem}`;
  return new BehalfError('ERR_PROVIDER_UNAVAILABLE', message, reason === undefined ? {} : { reason });
}

/** fetch and openid-client say little, and keep what happened to themselves. */
export function findProblem(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}

function refusedByProvider(error: string): BehalfError {
  // Anybody can write a link with any other text.
  if (!AUTHORIZATION_ERRORS.includes(error)) return signInFailed('provider-error', 'is refused by the provider');
  return signInFailed(error.replaceAll('_', '-'), `is refused by the provider: ${error}`);
}

/** One that our own fetch rejected with, and openid-client wrapped. */
function findOwn(error: unknown): BehalfError | null {
  if (error instanceof BehalfError) return error;
  return error instanceof Error && error.cause !== undefined ? findOwn(error.cause) : null;
}

/** oauth4webapi's errors say in their own `cause` which claim it was. */
function findClaim(cause: unknown): string | null {
  const details = cause instanceof Error ? cause.cause : null;
  const { claim } = Object(details);
  return typeof claim === 'string' ? claim : null;
}
