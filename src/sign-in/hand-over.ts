import { writeGoOnPage } from '../pages/write-go-on-page.ts';
import type { Answer } from './answer.ts';
import type { LiveSession } from './find-session.ts';
import { goOn } from './go-on.ts';
import type { OwnRequest } from './own-request.ts';
import { HAND_OVER_PATH } from './paths.ts';
import { redirectTo } from './redirect-to.ts';
import type { SignInParts, SignInRequest } from './sign-in-parts.ts';

/** The way to the route's host and no more: URLs are remembered in many places. */
const LIFE_SECONDS = 60;

/** Sends a browser with a session of the authenticate host back to where it came from, with what gives it one there. */
export function handOver(
  { sessions, seals, branding }: SignInParts,
  request: SignInRequest,
  { locator }: Pick<LiveSession, 'locator'>,
  { method }: Pick<OwnRequest, 'method'>,
  setCookies: Answer['headers'] = [],
): Answer {
  const { origin } = request;
  const host = new URL(origin).hostname.replace(/\.$/, '');
  const sealed = seals.handOver.seal(
    { request, host, locator, ticket: sessions.addTicket(LIFE_SECONDS) },
    LIFE_SECONDS,
  );
  const url = `${origin}${HAND_OVER_PATH}?handover=${sealed}`;
  return method === 'POST'
    ? goOn(url, writeGoOnPage('Signed in', url, branding), setCookies)
    : redirectTo(url, setCookies);
}
