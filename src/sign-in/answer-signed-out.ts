import { writeSignedOutPage } from '../pages/write-signed-out-page.ts';
import type { Answer } from './answer.ts';
import { findSession } from './find-session.ts';
import type { OwnRequest } from './own-request.ts';
import { SIGNED_OUT_PATH } from './paths.ts';
import { redirectTo } from './redirect-to.ts';
import type { Authority, SignInParts } from './sign-in-parts.ts';
import { writeSignInUrl } from './write-sign-in-url.ts';

/** At the provider, which may ask first. */
const AWAY_SECONDS = 600;

/**
 * `/.pomerium/signed_out`, on the authenticate host: with what a sign-out sealed for it, on to the provider, which sends
 * the browser back here (OpenID Connect RP-Initiated Logout 1.0). It ends no session: anybody can lead a browser here, and
 * a script of the route's host can give the address to another browser, which is shown no ID token.
 */
export async function answerSignedOut(
  parts: SignInParts,
  { origin, way }: Authority,
  request: OwnRequest,
): Promise<Answer> {
  const { cookies, sessions, seals, signedOutUrl, branding } = parts;
  const found = await findSession(request, cookies, sessions);
  const clears = found.kind === 'none' ? cookies.clearSession() : [];
  const signedOut = seals.signOut.unseal(request.query.get('session') ?? request.query.get('state') ?? '');
  const signInUrl = signedOut?.signInUrl ?? writeSignInUrl(origin, '/');
  if (signedOut !== null && signedOut.hint !== null && 'openId' in way) {
    const { idToken, locator } = signedOut.hint;
    const isOfBrowser = request
      .cookies(cookies.session)
      .some((value) => sessions.readCookie(value, request.host) === locator);
    const url = await way.openId.buildSignOutUrl(isOfBrowser ? idToken : null, `${origin}${SIGNED_OUT_PATH}`);
    url?.searchParams.set('state', seals.signOut.seal({ signInUrl, hint: null }, AWAY_SECONDS));
    if (url !== null) return redirectTo(url, clears);
  }
  if (signedOutUrl !== null) return redirectTo(signedOutUrl, clears);
  const page = writeSignedOutPage({ signInUrl }, branding);
  return { status: 200, headers: [...page.headers, ...clears], body: page.html };
}
