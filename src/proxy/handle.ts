import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { hideTokens } from '../hide-tokens.ts';
import { addForwarded } from './add-forwarded.ts';
import { answerOwnEndpoint } from './answer-own-endpoint.ts';
import { answerRefused } from './answer-refused.ts';
import { applyRequestHeaders } from './apply-request-headers.ts';
import { applyResponseHeaders } from './apply-response-headers.ts';
import type { ProxyParts } from './build-proxy-parts.ts';
import { checkNotForwarded } from './check-not-forwarded.ts';
import { endWithError } from './end-with-error.ts';
import { findScheme } from './find-scheme.ts';
import { forward } from './forward.ts';
import { hasBegun } from './has-begun.ts';
import type { Header } from './header.ts';
import { judge } from './judge.ts';
import { judgeAgain } from './judge-again.ts';
import { limitPreflight } from './limit-preflight.ts';
import { matchRoute } from './match-route.ts';
import { openOwnRequest } from './open-own-request.ts';
import { peerAddress } from './peer-address.ts';
import { planExchange } from './plan-exchange.ts';
import { readRequest } from './read-request.ts';
import { openRequestLine } from './request-line.ts';
import { respond } from './respond.ts';
import { weighHeaders } from './weigh-headers.ts';
import { whoAmI } from './who-am-i.ts';
import { writeRedirect } from './write-redirect.ts';

/** What the log gives as the status of a request whose client went away before an answer (nginx's number). */
const CLIENT_GONE = 499;

/**
 * The way of a request: match route, identify, decide, apply, forward. Whatever goes wrong on it ends in an answer or a
 * cut connection, and in one line of the log; the promise never rejects.
 *
 * @param withLatest runs a task with what serves by then, for an exchange that outlasts the parts it began with
 */
export async function handle(
  proxy: ProxyParts,
  message: IncomingMessage,
  response: ServerResponse,
  withLatest: (task: (latest: ProxyParts) => Promise<void>) => Promise<void>,
): Promise<void> {
  const requestId = randomUUID();
  const line = openRequestLine(requestId);
  let findSignInUrl = (): string | null => null;
  try {
    line.add({ method: message.method ?? null, ip: peerAddress(message.socket) });
    const request = readRequest(message, proxy.isReserved, proxy.trustedHops);
    const { host, path, addresses } = request;
    line.add({ host, path: hideTokens(path.decoded), ip: addresses[0] });
    if (proxy.browsers.isDevelopment) checkNotForwarded(message);

    const route = matchRoute(proxy.routes, host, path.decoded);
    const scheme = findScheme(request, route, proxy);
    const openOwn = () => openOwnRequest(request, scheme, message, response);
    findSignInUrl = () => proxy.browsers.signIn.signInUrl(openOwn(), path.encoded + request.search);
    if (proxy.browsers.signIn.isOwn(host, path.decoded)) {
      const context = { requestId, whoAmI: () => whoAmI(proxy, request, scheme, line) };
      respond(response, requestId, await answerOwnEndpoint(proxy, openOwn(), context));
      return;
    }
    line.add({ route: route?.name ?? null });

    const judged = await judge(proxy, request, route, scheme, line);
    const { identified, input, decision } = judged;
    proxy.recorder?.record({ requestId, input, decision });
    if (route === null || !decision.allow) {
      respond(response, requestId, answerRefused(proxy, judged, { request, own: openOwn(), message, line }));
      return;
    }

    const editResponseHeaders = (headers: readonly Header[]) =>
      applyResponseHeaders(headers, decision.response_headers, proxy.headerTexts);
    if (route.redirect !== null) {
      const redirect = writeRedirect(route.redirect, route, request, scheme);
      respond(response, requestId, { ...redirect, headers: editResponseHeaders(redirect.headers) });
      return;
    }

    const passed = limitPreflight(request, decision, identified.headers);
    const headers = applyRequestHeaders(
      addForwarded(passed.headers, request, scheme, requestId),
      decision.request_headers,
      { ...identified, host, headerTexts: proxy.headerTexts },
      proxy.identity,
    );
    const heavy = weighHeaders(headers, decision.request_headers);
    if (heavy !== null) {
      proxy.log.warn('upstream gets large headers', { request_id: requestId, route: route.name, ...heavy });
    }
    await forward(message, response, {
      ...planExchange(route, request, proxy.upstreams.next(route)),
      headers,
      dropsBody: passed.dropsBody,
      isReserved: proxy.isReserved,
      isOwnCookie: proxy.cookies.isOwn,
      editResponseHeaders,
      rounds: proxy.rounds,
      recheck: () => withLatest((latest) => judgeAgain(latest, request, { requestId, first: identified.caller })),
    });
  } catch (error) {
    line.add(endWithError(proxy, response, requestId, error, findSignInUrl));
  } finally {
    proxy.log.info('request', line.end(hasBegun(response) ? response.statusCode : CLIENT_GONE));
  }
}
