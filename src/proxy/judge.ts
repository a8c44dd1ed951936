import type { Route } from '../config/config.ts';
import type { Decision, InputDocument } from '../engine/documents.ts';
import { buildInput } from './build-input.ts';
import type { ProxyParts } from './build-proxy-parts.ts';
import { checkOrigin } from './check-origin.ts';
import { checkUpgrade } from './check-upgrade.ts';
import { NOBODY } from './find-caller.ts';
import { NO_ORIGINAL_USER } from './find-original-user.ts';
import type { Scheme } from './find-scheme.ts';
import { type Identified, identify } from './identify.ts';
import { isMerePreflight } from './is-mere-preflight.ts';
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
 * Who calls, on whose behalf, and what the route's policy says of it; `line` is told each as soon as it is known. A mere
 * preflight is nobody's: of a caller whom the policy would not let in, the upstream learns nothing.
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
  const { caller, session, original, unverified, originalError } = identified;
  line.add({ caller: caller?.id ?? null, caller_type: caller?.type ?? null, session: session?.sid ?? null });
  line.add({ original_user: original?.user.id ?? null, original_user_error: originalError });
  if (unverified !== null) line.add({ original_user_unverified: true });
  checkOrigin(request, route, scheme, identified);

  const decide = (who: Identified): Judged => {
    const input = buildInput(route, request, scheme, who);
    const decision = watchDecision({ log: proxy.log, input, requestId: line.requestId }, proxy.engine.decide);
    return { identified: who, input, decision };
  };
  const first = decide(identified);
  const judged =
    caller !== null && isMerePreflight(request, first.decision)
      ? decide({ ...identified, ...NOBODY, ...NO_ORIGINAL_USER })
      : first;
  const { decision } = judged;
  line.add({ allow: decision.allow, reasons: decision.reasons, ...listOmitted(decision) });
  return judged;
}
