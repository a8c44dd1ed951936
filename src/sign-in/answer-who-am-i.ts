import { writeWhoAmIPage } from '../pages/write-who-am-i-page.ts';
import { prefersHtml } from '../prefers-html.ts';
import type { Answer } from './answer.ts';
import type { OwnContext } from './own-context.ts';
import type { OwnRequest } from './own-request.ts';
import { SIGN_OUT_PATH } from './paths.ts';
import type { SignInParts } from './sign-in-parts.ts';
import { writeJson } from './write-json.ts';
import { writeOwnSignInUrl } from './write-own-sign-in-url.ts';

/** `/.pomerium/`: whom the proxy takes the caller for, and what it tells upstreams of them. Nobody is an answer too. */
export async function answerWhoAmI(parts: SignInParts, request: OwnRequest, context: OwnContext): Promise<Answer> {
  const { caller, session, originalUser, originalUserError, claims, refusedFor } = await context.whoAmI();
  const signInUrl = writeOwnSignInUrl(parts, request, '/.pomerium/');
  const signOutUrl = session === null ? null : SIGN_OUT_PATH;
  if (prefersHtml(request.header('accept') ?? '')) {
    const page = writeWhoAmIPage(
      {
        host: request.authority,
        isSignInHost: request.host === parts.authority?.host,
        now: Math.floor(Date.now() / 1000),
        caller,
        session,
        assertion: claims,
        refusedFor,
        originalUser: originalUser && { ...originalUser, expiresAt: originalUser.expires_at },
        originalUserError,
        signInUrl,
        signOutUrl,
      },
      parts.branding,
    );
    return { status: 200, headers: [...page.headers, ['vary', 'accept']], body: page.html };
  }
  return writeJson(200, {
    caller,
    session: session && { sid: session.sid, created_at: session.createdAt, ends_at: session.endsAt },
    assertion: claims,
    original_user: originalUser,
    original_user_error: originalUserError,
    sign_in_url: signInUrl,
    sign_out_url: signOutUrl,
  });
}
