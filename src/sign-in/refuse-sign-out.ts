import { writeNotSignedOutPage } from '../pages/write-not-signed-out-page.ts';
import { prefersHtml } from '../prefers-html.ts';
import type { Answer } from './answer.ts';
import type { OwnContext } from './own-context.ts';
import type { OwnRequest } from './own-request.ts';
import type { SignInParts } from './sign-in-parts.ts';
import { writeJson } from './write-json.ts';

const STATUS = 400;
const REASON = 'origin';

/**
 * What whoever posts to `/.pomerium/sign_out` from elsewhere is told: it may have been another site, so it ended nothing.
 *
 * @param signOutUrl where to ask for it rightly
 */
export function refuseSignOut(
  { branding, log }: Pick<SignInParts, 'branding' | 'log'>,
  request: OwnRequest,
  { requestId }: OwnContext,
  signOutUrl: string,
): Answer {
  const detail = 'the form is not of a page of this origin';
  log.info('sign-out refused', { request_id: requestId, reason: REASON, detail });
  if (prefersHtml(request.header('accept') ?? '')) {
    const page = writeNotSignedOutPage({ reason: REASON, status: STATUS, requestId, signOutUrl }, branding);
    return { status: STATUS, headers: [...page.headers, ['vary', 'accept']], body: page.html };
  }
  const refusal = { status: STATUS, error: 'sign-out-refused', reasons: [REASON] };
  return writeJson(STATUS, { ...refusal, request_id: requestId, sign_out_url: signOutUrl });
}
