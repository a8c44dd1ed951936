import type { Answer } from './answer.ts';
import { askProvider } from './ask-provider.ts';
import { beginSignIn } from './begin-sign-in.ts';
import { checkSameOrigin } from './check-same-origin.ts';
import { failSignIn } from './fail-sign-in.ts';
import { findSession } from './find-session.ts';
import { handOver } from './hand-over.ts';
import type { OwnContext } from './own-context.ts';
import type { OwnRequest } from './own-request.ts';
import { CALLBACK_PATH } from './paths.ts';
import { signInFailed } from './sign-in-failed.ts';
import type { Authority, SignInParts, SignInRequest } from './sign-in-parts.ts';
import { startSession } from './start-session.ts';
import { writeSignInUrl } from './write-sign-in-url.ts';

/**
 * `/.pomerium/sign_in`: on a route's host the beginning, `?redirect=/path` the end; on the authenticate host, with the
 * `?request=` of a route's host, who somebody is, by their session there or by asking. Null where nobody can sign in.
 */
export async function answerSignIn(
  parts: SignInParts,
  authority: Authority,
  request: OwnRequest,
  context: OwnContext,
): Promise<Answer | null> {
  const { seals } = parts;
  const sealed = request.query.get('request');
  if (request.host !== authority.host || sealed === null) {
    return beginSignIn(parts, request, request.query.get('redirect') ?? homeOf(parts, request));
  }
  const asked = seals.request.unseal(sealed);
  const signInUrl = asked === null ? writeSignInUrl(authority.origin, '/') : writeSignInUrl(asked.origin, asked.target);
  try {
    if (asked === null) throw signInFailed('request', 'the sign-in was begun too long ago, or not here');
    return await identify(parts, authority, asked, request, context);
  } catch (error) {
    return failSignIn(parts, error, { request, context, signInUrl });
  }
}

/** The authenticate host may have nothing else to show. */
function homeOf({ servesHost }: SignInParts, { host }: OwnRequest): string {
  return servesHost(host) ? '/' : '/.pomerium/';
}

async function identify(
  parts: SignInParts,
  { origin, way }: Authority,
  asked: SignInRequest,
  request: OwnRequest,
  context: OwnContext,
): Promise<Answer> {
  const isPost = request.method === 'POST';
  if (isPost) checkSameOrigin(request);
  const found = await findSession(request, parts.cookies, parts.sessions);
  if (found.kind === 'one' && !isPost) return handOver(parts, asked, found, request);
  if ('openId' in way) return askProvider(parts, way.openId, `${origin}${CALLBACK_PATH}`, asked, request);
  const chosen = await way.chooser.choose(request, new URL(asked.origin).host);
  if ('status' in chosen) return chosen;
  const started = await startSession(parts, chosen, request, context);
  return handOver(parts, asked, started, request, started.setCookies);
}
