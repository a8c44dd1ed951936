import { BehalfError, ERROR_STATUS } from '../errors.ts';
import { writeSignInFailedPage } from '../pages/write-sign-in-failed-page.ts';
import { prefersHtml } from '../prefers-html.ts';
import type { Answer } from './answer.ts';
import type { OwnContext } from './own-context.ts';
import type { OwnRequest } from './own-request.ts';
import type { SignInParts } from './sign-in-parts.ts';
import { writeJsonRefusal } from './write-json-refusal.ts';

/** Who asked, and where they may begin again; null where nobody knows. */
export interface Failed {
  readonly request: OwnRequest;
  readonly context: OwnContext;
  readonly signInUrl: string | null;
}

/** What people are told of a sign-in that came to no session. Throws every error that is not about that. */
export function failSignIn(
  { branding, log }: Pick<SignInParts, 'branding' | 'log'>,
  error: unknown,
  { request, context: { requestId }, signInUrl }: Failed,
  headers: Answer['headers'] = [],
): Answer {
  if (!(error instanceof BehalfError)) throw error;
  const { code, reason, message } = error;
  if (code !== 'ERR_SIGN_IN_FAILED' && code !== 'ERR_PROVIDER_UNAVAILABLE') throw error;
  const isAway = code === 'ERR_PROVIDER_UNAVAILABLE';
  log[isAway ? 'warn' : 'info']('sign-in failed', { request_id: requestId, reason, detail: message });
  const status = ERROR_STATUS[code];
  if (prefersHtml(request.header('accept') ?? '')) {
    const page = writeSignInFailedPage({ reason, status, requestId, signInUrl }, branding);
    return { status, headers: [...page.headers, ['vary', 'accept'], ...headers], body: page.html };
  }
  const name = isAway ? 'provider-unavailable' : 'sign-in-failed';
  const refusal = { status, error: name, reasons: reason === null ? [] : [reason] };
  const answer = writeJsonRefusal(refusal, requestId, { signInUrl });
  return { ...answer, headers: [...answer.headers, ...headers] };
}
