import type { IncomingMessage } from 'node:http';
import { hideTokens } from '../hide-tokens.ts';
import { writeNotSentPage } from '../pages/write-not-sent-page.ts';
import type { Answer } from '../sign-in/answer.ts';
import { listRefusalHeaders } from '../sign-in/list-refusal-headers.ts';
import type { OwnRequest } from '../sign-in/own-request.ts';
import { writeSignOutUrl } from '../sign-in/write-sign-out-url.ts';
import type { ProxyParts } from './build-proxy-parts.ts';
import { chooseRefusalForm } from './choose-refusal-form.ts';
import { explainToOperator } from './explain-to-operator.ts';
import { isNavigation } from './is-navigation.ts';
import type { Judged } from './judge.ts';
import type { ClientRequest } from './read-request.ts';
import { refusalOfDecision } from './refusal.ts';
import type { RequestLine } from './request-line.ts';
import { writeRefusal } from './write-refusal.ts';

/** A request that the policy refused, as `judge` saw it and as the sign-in does. */
export interface RefusedRequest {
  readonly request: ClientRequest;
  readonly own: OwnRequest;
  readonly message: IncomingMessage;
  readonly line: RequestLine;
}

/**
 * How a request is answered that the policy refuses. Who is not signed in, and came by a browser, is sent to sign in, and
 * back; but what a form posted cannot come back with them, and they are told.
 *
 * @throws BehalfError ERR_ENGINE_DECISION where the decision refuses nothing
 */
export function answerRefused(
  proxy: ProxyParts,
  { identified, input, decision }: Judged,
  { request, own, message, line }: RefusedRequest,
): Answer {
  const { requestId } = line;
  const { caller, session, original } = identified;
  const refusal = refusalOfDecision(decision);
  const target = request.path.encoded + request.search;
  // Whoever is signed in already would be sent round and round.
  const signIn = refusal.status === 401 && caller === null ? proxy.browsers.signIn : null;
  const signInUrl = signIn?.signInUrl(own, target) ?? null;
  const asked = {
    method: request.method,
    url: `${own.scheme}://${request.authority}${hideTokens(request.path.decoded)}`,
  };

  const isNavigating = signIn !== null && isNavigation(message);
  if (isNavigating && request.method !== 'POST') {
    const redirect = signIn.redirect(own, target);
    if (redirect !== null) return redirect;
  }
  const detail = isNavigating && signInUrl === null ? signIn.explainNoRedirect(own) : null;
  if (detail !== null) line.add({ detail });
  if (isNavigating && request.method === 'POST' && signInUrl !== null) {
    const page = writeNotSentPage({ requestId, asked, signInUrl }, proxy.look);
    return { status: refusal.status, headers: [...listRefusalHeaders(refusal), ...page.headers], body: page.html };
  }
  return writeRefusal(refusal, requestId, chooseRefusalForm(refusal, message), proxy.look, {
    asked,
    caller,
    originalUser: original?.user ?? null,
    signInUrl,
    signOutUrl: session === null ? null : writeSignOutUrl(target),
    explained: explainToOperator(proxy, input, message.headers, requestId),
  });
}
