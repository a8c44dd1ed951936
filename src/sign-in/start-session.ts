import { hasUnverifiedEmail } from '../has-unverified-email.ts';
import type { NewSession } from '../session/session.ts';
import type { Answer } from './answer.ts';
import { type FoundSession, findSession, type LiveSession, sidsOf } from './find-session.ts';
import type { OwnContext } from './own-context.ts';
import type { OwnRequest } from './own-request.ts';
import { setSessionCookie } from './set-session-cookie.ts';
import type { SignInParts } from './sign-in-parts.ts';

export interface StartedSession extends LiveSession {
  readonly setCookies: Answer['headers'];
}

/**
 * Whoever has just shown who they are gets a session of their own, never one that the browser brought (session fixation);
 * what it brought ends, so that signing out of one leaves none behind. But one that is theirs already, by the same session
 * at the provider, as another tab has begun it meanwhile, goes on: its pages may be under way.
 *
 * @param request on the authenticate host
 */
export async function startSession(
  { sessions, cookies, log }: SignInParts,
  person: NewSession,
  request: OwnRequest,
  { requestId }: OwnContext,
): Promise<StartedSession> {
  const before = await findSession(request, cookies, sessions);
  const isTheirs = isOf(before, person);
  const started = isTheirs ? before : sessions.create(person);
  if (!isTheirs) for (const sid of sidsOf(before)) sessions.end({ sid });
  const detail = hasUnverifiedEmail(person.person)
    ? { detail: 'the provider has not verified the email: not taken' }
    : {};
  log.info('signed in', { request_id: requestId, session: started.session.sid, user: person.person.id, ...detail });
  return { ...started, setCookies: setSessionCookie({ sessions, cookies }, started, request.host) };
}

function isOf(found: FoundSession, { person, providerSid }: NewSession): found is FoundSession & LiveSession {
  return found.kind === 'one' && found.session.person.id === person.id && found.session.providerSid === providerSid;
}
