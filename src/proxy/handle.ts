import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Engine } from '../engine/load-engine.ts';
import type { Identity } from '../identity/open-identity.ts';
import type { Log } from '../log.ts';
import { addForwarded } from './add-forwarded.ts';
import { answerOwnEndpoint } from './answer-own-endpoint.ts';
import { applyRequestHeaders } from './apply-request-headers.ts';
import { applyResponseHeaders } from './apply-response-headers.ts';
import { buildInput } from './build-input.ts';
import { endWithError } from './end-with-error.ts';
import { forward } from './forward.ts';
import { identify } from './identify.ts';
import { matchRoute, type RouteTable } from './match-route.ts';
import type { Upstreams } from './open-upstreams.ts';
import { peerAddress } from './peer-address.ts';
import { readRequest } from './read-request.ts';
import { refusalOfDecision } from './refusal.ts';
import { openRequestLine } from './request-line.ts';
import { respond } from './respond.ts';
import { respondRefusal } from './respond-refusal.ts';
import { rewritePath } from './rewrite-path.ts';

/** What the log gives as the status of a request whose client went away before an answer (nginx's number). */
const CLIENT_GONE = 499;

/** What requests are served with; nothing in it changes while it serves. */
export interface ProxyParts {
  readonly routes: RouteTable;
  readonly engine: Engine;
  readonly identity: Identity;
  readonly upstreams: Upstreams;
  readonly log: Log;
  /** What a Bearer value claims to be; null where it is none of ours to judge. */
  readonly findTokenKind: Identity['findTokenKind'];
}

/**
 * The way of a request: match route, identify, decide, apply, forward. Whatever goes wrong on it ends in an answer or a
 * cut connection, and in one line of the log; the promise never rejects.
 */
export async function handle(proxy: ProxyParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  const line = openRequestLine(requestId);
  try {
    line.add({ method: message.method ?? null, ip: peerAddress(message.socket) });
    const request = readRequest(message);
    const { host, path } = request;
    line.add({ host, path: path.decoded });

    const route = matchRoute(proxy.routes, host, path.decoded);
    // Ours whatever the routes say; the route only tells by which scheme clients reach the host.
    const own = answerOwnEndpoint(request, route?.from.scheme ?? 'http', () => proxy.identity.jwks());
    if (own !== null) {
      respond(response, requestId, own);
      return;
    }
    line.add({ route: route?.name ?? null });

    const identified = await identify(request, proxy.identity, proxy.findTokenKind);
    const { caller, original, originalError } = identified;
    line.add({ caller: caller?.id ?? null, caller_type: caller?.type ?? null });
    line.add({ original_user: original?.user.id ?? null, original_user_error: originalError });

    const decision = proxy.engine.decide(buildInput(route, request, identified));
    line.add({ allow: decision.allow, reasons: decision.reasons });
    if (route === null || !decision.allow) {
      respondRefusal(response, requestId, refusalOfDecision(decision));
      return;
    }

    const headers = await applyRequestHeaders(
      addForwarded(identified.headers, request, route, requestId),
      decision.request_headers,
      { host, caller, original },
      proxy.identity,
    );

    const upstream = proxy.upstreams.next(route);
    await forward(message, response, {
      upstream,
      target: rewritePath(route, path) + request.search,
      host: route.preserveHostHeader ? request.authority : upstream.url.host,
      headers,
      timeoutMs: route.timeoutMs,
      editResponseHeaders: (answered) => applyResponseHeaders(answered, decision.response_headers),
    });
  } catch (error) {
    line.add(endWithError(response, requestId, error));
  } finally {
    proxy.log.info('request', line.end(response.headersSent ? response.statusCode : CLIENT_GONE));
  }
}
