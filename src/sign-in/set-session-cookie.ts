import type { Answer } from './answer.ts';
import type { LiveSession } from './find-session.ts';
import type { SignInParts } from './sign-in-parts.ts';

/** What gives a browser a session on this host, for as long as the session lasts. */
export function setSessionCookie(
  { sessions, cookies }: Pick<SignInParts, 'sessions' | 'cookies'>,
  { session, locator }: LiveSession,
  host: string,
): Answer['headers'] {
  const seconds = Math.max(0, Math.floor(session.endsAt - Date.now() / 1000));
  return cookies.setSession(sessions.writeCookie(locator, host), seconds);
}
