import type { OpenIdClient } from '../openid/openid-client.ts';
import type { Answer } from './answer.ts';
import { failSignIn } from './fail-sign-in.ts';
import { handOver } from './hand-over.ts';
import { nameStateCookie } from './name-state-cookie.ts';
import type { OwnContext } from './own-context.ts';
import type { OwnRequest } from './own-request.ts';
import { CALLBACK_PATH } from './paths.ts';
import { signInFailed } from './sign-in-failed.ts';
import type { Authority, SignInParts, SignInState } from './sign-in-parts.ts';
import { startSession } from './start-session.ts';
import { writeSignInUrl } from './write-sign-in-url.ts';

/** `/oauth2/callback`: what the provider answered. Only a browser that keeps the `state` of its question is listened to. */
export async function answerProviderCallback(
  parts: SignInParts,
  { origin }: Authority,
  openId: OpenIdClient,
  request: OwnRequest,
  context: OwnContext,
): Promise<Answer> {
  const state = takeState(parts, request);
  const asked = state?.request ?? { origin, target: '/' };
  const clearState = state === null ? [] : [parts.cookies.clear(nameStateCookie(parts.cookies, state.state))];
  try {
    if (state === null) throw signInFailed('state', 'this browser has begun no such sign-in, or one that has ended');
    const signedIn = await openId.finish(new URL(`${origin}${CALLBACK_PATH}${request.search}`), state);
    const started = await startSession(parts, signedIn, request, context);
    return handOver(parts, state.request, started, request, [...clearState, ...started.setCookies]);
  } catch (error) {
    const signInUrl = writeSignInUrl(asked.origin, asked.target);
    return failSignIn(parts, error, { request, context, signInUrl }, clearState);
  }
}

/**
 * What was sealed for this answer's `state` (RFC 6749 section 10.12), once: whoever keeps the cookie makes us ask the
 * provider once for each time that they began.
 */
function takeState({ cookies, seals, usedStates }: SignInParts, request: OwnRequest): SignInState | null {
  const [state, ...others] = request.query.getAll('state');
  if (state === undefined || others.length > 0) return null;
  const opened = request.cookies(nameStateCookie(cookies, state)).map((value) => seals.state.unseal(value));
  const found = opened.find((content) => content?.state === state) ?? null;
  if (found === null || usedStates.get(state) !== undefined) return null;
  usedStates.set(state, true, state.length);
  return found;
}
