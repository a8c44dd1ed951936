import { BehalfError } from '../errors.ts';
import type { LogoutNotice, OpenIdClient } from '../openid/openid-client.ts';
import type { Answer } from './answer.ts';
import type { OwnContext } from './own-context.ts';
import type { OwnRequest } from './own-request.ts';
import { signInFailed } from './sign-in-failed.ts';
import type { SignInParts } from './sign-in-parts.ts';
import { writeJson } from './write-json.ts';

/** Of a person with more sessions the line of the log names some. */
const MAX_LOGGED = 20;

/**
 * `/.pomerium/backchannel_logout`, on the authenticate host: the provider says that somebody signed out there (OpenID
 * Connect Back-Channel Logout 1.0). Rejects with what says nothing of the notice: ERR_PROVIDER_UNAVAILABLE,
 * ERR_STATE_UNUSABLE, and what the form is refused with.
 */
export async function answerBackchannelLogout(
  parts: SignInParts,
  openId: OpenIdClient,
  request: OwnRequest,
  { requestId }: OwnContext,
): Promise<Answer> {
  try {
    const [token, ...others] = (await request.form()).getAll('logout_token');
    if (token === undefined || others.length > 0)
      throw signInFailed('logout-token', 'the form has no single logout_token');
    const ended = endSessions(parts, await openId.verifyLogoutToken(token));
    const sessions = ended.slice(0, MAX_LOGGED);
    parts.log.info('the provider signed somebody out', { request_id: requestId, count: ended.length, sessions });
    return { status: 200, headers: [], body: '' };
  } catch (error) {
    if (!(error instanceof BehalfError) || error.code !== 'ERR_SIGN_IN_FAILED') throw error;
    parts.log.warn('logout token refused', { request_id: requestId, reason: error.reason, detail: error.message });
    // Section 2.8.
    return writeJson(400, { error: 'invalid_request', error_description: error.message });
  }
}

/** Where a notice names a session of the provider, that one alone ends (section 2.7). Throws where it was heard before. */
function endSessions({ sessions }: SignInParts, notice: LogoutNotice): readonly string[] {
  const { providerSid, personId, jti, expiresAt } = notice;
  const selection = providerSid === null ? { personId: personId ?? '' } : { providerSid };
  const ended = sessions.endOnce(selection, { id: jti, endsAt: expiresAt });
  if (ended === null) throw signInFailed('logout-token', 'the logout token was used before');
  return ended;
}
