import { writeGoOnPage } from '../pages/write-go-on-page.ts';
import type { Answer } from './answer.ts';
import { beginSignIn } from './begin-sign-in.ts';
import { failSignIn } from './fail-sign-in.ts';
import { goOn } from './go-on.ts';
import { hashBrowser } from './hash-browser.ts';
import type { OwnContext } from './own-context.ts';
import type { OwnRequest } from './own-request.ts';
import { redirectTo } from './redirect-to.ts';
import { setSessionCookie } from './set-session-cookie.ts';
import { signInFailed } from './sign-in-failed.ts';
import type { HandOver, SignInParts } from './sign-in-parts.ts';
import { writeOwnSignInUrl } from './write-own-sign-in-url.ts';

const NO_COOKIE =
  'the browser sent no cookie of this sign-in: it keeps none on http:, or blocks cookies, or is another one';

/** `/.pomerium/callback/`: takes a hand-over, once, in the browser that began, and gives it the session on this host. */
export async function answerHandOver(parts: SignInParts, request: OwnRequest, context: OwnContext): Promise<Answer> {
  const [sealed = '', ...others] = request.query.getAll('handover');
  const given = others.length > 0 ? null : parts.seals.handOver.unseal(sealed);
  const target = given?.host === request.host ? given.request.target : '/';
  try {
    return await take(parts, given, request);
  } catch (error) {
    const signInUrl = writeOwnSignInUrl(parts, request, target);
    return failSignIn(parts, error, { request, context, signInUrl });
  }
}

async function take(parts: SignInParts, given: HandOver | null, request: OwnRequest): Promise<Answer> {
  const { sessions, cookies, branding } = parts;
  if (given === null) throw signInFailed('hand-over', 'the hand-over is not from here, or more than a minute old');
  const { host, locator, ticket, request: asked } = given;
  // Whoever brings it, right or wrong, is the last one.
  const isFirst = sessions.takeTicket(ticket);
  if (host !== request.host) throw signInFailed('host', 'the hand-over is for another host');
  const beginAgain = (): Answer | null => (asked.isRetry ? null : beginSignIn(parts, request, asked.target, true));
  const secrets = request.cookies(cookies.browser);
  if (!secrets.some((secret) => hashBrowser(secret) === asked.browser)) {
    // Of tabs that began at once the cookie of one is left. Whosever hand-over this is, who is signed in here comes next.
    if (secrets.length === 0) throw signInFailed('no-cookie', NO_COOKIE);
    const again = beginAgain();
    if (again !== null) return again;
    throw signInFailed('browser', 'the sign-in was begun in another browser');
  }
  if (!isFirst) throw signInFailed('hand-over-used', 'the hand-over was taken before');
  const session = await sessions.find(locator);
  if (session === null) {
    // A sign-in of another tab ended the session on its way here. Once more finds that tab's; twice is no accident.
    const again = beginAgain();
    if (again !== null) return again;
    throw signInFailed('session-ended', 'the session ended before it was handed over');
  }
  const url = `${asked.origin}${asked.target}`;
  const setCookies = setSessionCookie(parts, { session, locator }, host);
  // The redirects began on the provider's site, and no Strict cookie would go with one more.
  const isStrict = parts.session.sameSite === 'strict';
  return isStrict ? goOn(url, writeGoOnPage('Signed in', url, branding), setCookies) : redirectTo(url, setCookies);
}
