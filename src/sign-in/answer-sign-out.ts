import { writeSignOutPage } from '../pages/write-sign-out-page.ts';
import { writeSignedOutPage } from '../pages/write-signed-out-page.ts';
import { prefersHtml } from '../prefers-html.ts';
import type { Answer } from './answer.ts';
import { type FoundSession, findSession, sidsOf } from './find-session.ts';
import { goOn } from './go-on.ts';
import { isSameOrigin } from './is-same-origin.ts';
import type { OwnContext } from './own-context.ts';
import type { OwnRequest } from './own-request.ts';
import { parseTarget } from './parse-target.ts';
import { SIGNED_OUT_PATH } from './paths.ts';
import { refuseSignOut } from './refuse-sign-out.ts';
import type { Authority, SignInParts } from './sign-in-parts.ts';
import { writeJson } from './write-json.ts';
import { writeOwnSignInUrl } from './write-own-sign-in-url.ts';
import { writeSignOutUrl } from './write-sign-out-url.ts';

/** The way to the authenticate host and no more. */
const LIFE_SECONDS = 60;
/** Sealed; with a longer ID token the provider's own session stays, as no server on the way might take the URL. */
const MAX_LENGTH = 6000;
/** It goes along with the ID token, whose room it must not take. */
const MAX_TARGET_LENGTH = 500;

/**
 * `/.pomerium/sign_out`: asks, and by POST ends the session, on all hosts at once. Then the browser goes on to the
 * authenticate host, and from there to the provider.
 */
export async function answerSignOut(
  parts: SignInParts,
  authority: Authority,
  request: OwnRequest,
  context: OwnContext,
): Promise<Answer> {
  const { sessions, cookies, branding } = parts;
  const found = await findSession(request, cookies, sessions);
  const asked = parseTarget(request.query.get('redirect') ?? '/');
  const target = asked.length > MAX_TARGET_LENGTH ? '/' : asked;
  if (request.method !== 'POST') return askToSignOut(parts, request, found, target);
  if (!isSameOrigin(request)) return refuseSignOut(parts, request, context, writeSignOutUrl(target));
  endSessions(parts, found, context);
  const signInUrl = writeOwnSignInUrl(parts, request, target);
  const url = writeSignedOutUrl(parts, authority, found, signInUrl);
  // The authenticate host's own tells it that this browser signs out, and goes there.
  const isLeft = request.host === authority.host || parts.session.cookieDomain !== null;
  const clears = isLeft ? [] : cookies.clearSession();
  const answer = prefersHtml(request.header('accept') ?? '')
    ? goOn(url, writeSignedOutPage({ signInUrl }, branding))
    : writeJson(200, { signed_out: true, continue_url: url });
  // The back button is not to show what was seen before.
  return { ...answer, headers: [...answer.headers, ...clears, ['clear-site-data', '"cache"']] };
}

function askToSignOut(
  { branding }: SignInParts,
  { authority }: OwnRequest,
  found: FoundSession,
  target: string,
): Answer {
  const caller = found.kind === 'one' ? ({ type: 'user', ...found.session.person } as const) : null;
  const form = { action: writeSignOutUrl(target), fields: {}, reaches: [] };
  const page = writeSignOutPage({ host: authority, caller, form }, branding);
  return { status: 200, headers: page.headers, body: page.html };
}

function endSessions({ sessions, log }: SignInParts, found: FoundSession, { requestId }: OwnContext): void {
  // Tabs that signed in at once have a session each, all by the one that the browser has at the provider.
  const providerSid = found.kind === 'one' ? found.session.providerSid : null;
  const selections = [...sidsOf(found).map((sid) => ({ sid })), ...(providerSid === null ? [] : [{ providerSid }])];
  for (const selection of selections) {
    for (const session of sessions.end(selection)) log.info('signed out', { request_id: requestId, session });
  }
}

/**
 * An ID token is not for the pages of the host, whose scripts may read this answer: it goes sealed, and the authenticate host
 * shows it to no other browser.
 */
function writeSignedOutUrl(
  { seals }: SignInParts,
  { origin }: Authority,
  found: FoundSession,
  signInUrl: string | null,
): string {
  const idToken = found.kind === 'one' ? found.session.tokens?.idToken : undefined;
  const hint = found.kind !== 'one' || idToken === undefined ? null : { idToken, locator: found.locator };
  const sealed = seals.signOut.seal({ signInUrl, hint }, LIFE_SECONDS);
  const session = sealed.length > MAX_LENGTH ? seals.signOut.seal({ signInUrl, hint: null }, LIFE_SECONDS) : sealed;
  return `${origin}${SIGNED_OUT_PATH}?session=${session}`;
}
