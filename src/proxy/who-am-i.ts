import { normalizePath } from '../normalize-path.ts';
import { ASSERTION } from '../reserved-names.ts';
import type { WhoAmI } from '../sign-in/own-context.ts';
import { buildInput } from './build-input.ts';
import type { ProxyParts } from './build-proxy-parts.ts';
import type { Scheme } from './find-scheme.ts';
import { identify } from './identify.ts';
import { matchRoute } from './match-route.ts';
import type { ClientRequest } from './read-request.ts';
import type { RequestLine } from './request-line.ts';
import { watchDecision } from './watch-decision.ts';

const ROOT = normalizePath('/');

/** Who sends a request, and what the host's first page would learn of them: what the policy has signed for a GET of "/". */
export async function whoAmI(
  proxy: ProxyParts,
  asked: ClientRequest,
  scheme: Scheme,
  line: RequestLine,
): Promise<WhoAmI> {
  const request = { ...asked, method: 'GET', path: ROOT, search: '' };
  const route = matchRoute(proxy.routes, request.host, ROOT.decoded);
  const identified = await identify(request, proxy, route);
  const { caller, session, isByCookie, original, originalError } = identified;
  line.add({ caller: caller?.id ?? null, caller_type: caller?.type ?? null, session: session?.sid ?? null });
  const input = buildInput(route, request, scheme, identified);
  const watched = { log: proxy.log, input, requestId: line.requestId };
  const { request_headers, allow, reasons } = watchDecision(watched, proxy.engine.decide);
  const signed = request_headers.find(({ action, name }) => action === 'sign' && name === ASSERTION);
  return {
    caller,
    session: isByCookie ? session : null,
    originalUser: original?.user ?? null,
    originalUserError: originalError,
    claims: signed?.action === 'sign' ? signed.claims : null,
    refusedFor: allow ? [] : reasons,
  };
}
