import { writeConsentPage } from '../pages/write-consent-page.ts';
import { writeGoOnPage } from '../pages/write-go-on-page.ts';
import type { Session } from '../session/session.ts';
import type { Answer } from '../sign-in/answer.ts';
import { checkSameOrigin } from '../sign-in/check-same-origin.ts';
import { failSignIn } from '../sign-in/fail-sign-in.ts';
import { findSession } from '../sign-in/find-session.ts';
import { goOn } from '../sign-in/go-on.ts';
import type { OwnContext } from '../sign-in/own-context.ts';
import type { OwnRequest } from '../sign-in/own-request.ts';
import { redirectTo } from '../sign-in/redirect-to.ts';
import { signInFailed } from '../sign-in/sign-in-failed.ts';
import { writeSignInUrl } from '../sign-in/write-sign-in-url.ts';
import { CONSENT_PATH } from './paths.ts';
import type { ProgramRequest, ProgramsParts } from './programs-parts.ts';

/** The way to the program and back. */
const CODE_SECONDS = 60;

/**
 * `/.pomerium/consent?request=...` on the authenticate host: asks whoever is signed in whether a program may act as them,
 * and by POST sends the browser to the program with their answer.
 */
export async function answerConsent(parts: ProgramsParts, request: OwnRequest, context: OwnContext): Promise<Answer> {
  try {
    return await consent(parts, request, context);
  } catch (error) {
    return failSignIn(parts, error, { request, context, signInUrl: null });
  }
}

async function consent(parts: ProgramsParts, request: OwnRequest, { requestId }: OwnContext): Promise<Answer> {
  const { sessions, cookies, seals, branding, authenticateServiceUrl } = parts;
  const isPost = request.method === 'POST';
  if (isPost) checkSameOrigin(request);
  const fields = isPost ? await request.form() : request.query;
  const sealed = fields.get('request') ?? '';
  const asked = seals.request.unseal(sealed);
  if (asked === null) throw signInFailed('program-request', 'a program asked too long ago, or not here');

  // What answers a form goes on as a new navigation, which no `form-action` holds up.
  const goTo = (url: string): Answer =>
    isPost ? goOn(url, writeGoOnPage('One moment', url, branding)) : redirectTo(url);
  const found = await findSession(request, cookies, sessions);
  if (found.kind !== 'one') {
    return goTo(writeSignInUrl(authenticateServiceUrl.origin, `${CONSENT_PATH}?request=${sealed}`));
  }
  const { session } = found;
  // Who was asked answers, and nobody who has signed in since in the same browser.
  if (fields.get('session') !== session.sid || !isPost) return ask(parts, asked, session, sealed);
  const isAllowed = fields.get('answer') === 'allow';
  parts.log.info(`a program ${isAllowed ? 'may' : 'may not'} act for somebody`, {
    request_id: requestId,
    session: session.sid,
    user: session.person.id,
    host: asked.host,
  });
  return goTo(isAllowed ? writeCode(parts, asked, session) : writeRedirect(asked, 'error', 'access_denied'));
}

function ask({ branding }: ProgramsParts, asked: ProgramRequest, session: Session, sealed: string): Answer {
  const page = writeConsentPage(
    {
      host: asked.host,
      caller: { type: 'user', ...session.person },
      redirectUri: asked.redirectUri,
      now: Math.floor(Date.now() / 1000),
      endsAt: session.endsAt,
      form: { action: CONSENT_PATH, fields: { request: sealed, session: session.sid }, reaches: [] },
    },
    branding,
  );
  return { status: 200, headers: page.headers, body: page.html };
}

function writeCode({ sessions, seals }: ProgramsParts, asked: ProgramRequest, { sid }: Session): string {
  const { host, codeChallenge } = asked;
  const ticket = sessions.addTicket(CODE_SECONDS);
  return writeRedirect(asked, 'code', seals.code.seal({ host, codeChallenge, sid, ticket }, CODE_SECONDS));
}

function writeRedirect({ redirectUri }: ProgramRequest, name: 'code' | 'error', value: string): string {
  const url = new URL(redirectUri);
  url.searchParams.append(name, value);
  return url.href;
}
