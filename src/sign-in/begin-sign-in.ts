import type { Answer } from './answer.ts';
import { findSignInOrigin } from './find-sign-in-origin.ts';
import { hashBrowser } from './hash-browser.ts';
import { makeSecret } from './make-secret.ts';
import type { OwnRequest } from './own-request.ts';
import { parseTarget } from './parse-target.ts';
import { SIGN_IN_PATH } from './paths.ts';
import { redirectTo } from './redirect-to.ts';
import type { SignInParts } from './sign-in-parts.ts';

const LIFE_SECONDS = 600;
/** Longer than a sign-in, so that those of several tabs share one. */
const BROWSER_SECONDS = 24 * 3600;

/**
 * Sends a browser from a route's host to the authenticate host, where what it asks for comes sealed. It keeps a cookie
 * whose hash the hand-over will name: who makes somebody else follow a sign-in that is not theirs (RFC 6749 section 10.12)
 * hands nothing over. Null where nobody can sign in.
 *
 * @param isRetry whether the sign-in of another tab came between, and this is the second try
 */
export function beginSignIn(parts: SignInParts, request: OwnRequest, target: string, isRetry = false): Answer | null {
  const { authority, cookies, seals } = parts;
  const origin = findSignInOrigin(parts, request);
  if (authority === null || origin === null) return null;
  const secret = request.cookies(cookies.browser).find((value) => SECRET.test(value)) ?? makeSecret();
  const asked = { origin, target: parseTarget(target), browser: hashBrowser(secret), isRetry };
  return redirectTo(`${authority.origin}${SIGN_IN_PATH}?request=${seals.request.seal(asked, LIFE_SECONDS)}`, [
    cookies.set(cookies.browser, secret, BROWSER_SECONDS),
  ]);
}

const SECRET = /^[\w-]{43}$/;
