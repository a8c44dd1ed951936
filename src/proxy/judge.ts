import type { Route } from '../config/config.ts';
import type { Decision, InputDocument } from '../engine/documents.ts';
import { buildInput } from './build-input.ts';
import type { ProxyParts } from './build-proxy-parts.ts';
import { checkUpgrade } from './check-upgrade.ts';
import type { Scheme } from './find-scheme.ts';
import { type Identified, identify } from './identify.ts';
import { listOmitted } from './list-omitted.ts';
import type { ClientRequest } from './read-request.ts';
import type { RequestLine } from './request-line.ts';
import { watchDecision } from './watch-decision.ts';

export interface Judged {
  readonly identified: Identified;
  readonly input: InputDocument;
  readonly decision: Decision;
}

/**
 * Who calls, on whose behalf, and what the route's policy says of it; `line` is told each as soon as it is known.
 *
 * @throws BehalfError ERR_REQUEST_UPGRADE, and what `identify` and the engine throw
 */
export async function judge(
  proxy: ProxyParts,
  request: ClientRequest,
  route: Route | null,
  scheme: Scheme,
  line: RequestLine,
): Promise<Judged> {
  checkUpgrade(request, route);
  const identified = await identify(request, proxy, route);
  const { caller, original, unverified, originalError } = identified;
  line.add({ caller: caller?.id ?? null, caller_type: caller?.type ?? null });
  line.add({ original_user: original?.user.id ?? null, original_user_error: originalError });
  if (unverified !== null) line.add({ original_user_unverified: true });

  const input = buildInput(route, request, scheme, identified);
  const decision = watchDecision({ log: proxy.log, input, requestId: line.requestId }, proxy.engine.decide);
  line.add({ allow: decision.allow, reasons: decision.reasons, ...listOmitted(decision) });
  return { identified, input, decision };
}
