import type { Caller } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import { credentialInvalid } from '../identity/identity-errors.ts';
import type { ProxyParts } from './build-proxy-parts.ts';
import { findScheme } from './find-scheme.ts';
import { judge } from './judge.ts';
import { matchRoute } from './match-route.ts';
import type { ClientRequest } from './read-request.ts';
import { openRequestLine } from './request-line.ts';

/**
 * Judges a request that has passed once more, by the configuration, keys and records of this moment: its exchange, or the
 * connection that it opened, may go on where it would pass now, and for the caller whom its upstream was told of: not for
 * nobody, where their session has ended.
 *
 * @param first for whom it passed
 * @throws BehalfError ERR_CREDENTIAL_INVALID (`revoked`), ERR_DECISION_CHANGED (`judged-again`), and what `judge` throws
 */
export async function judgeAgain(
  proxy: ProxyParts,
  request: ClientRequest,
  { requestId, first }: { readonly requestId: string; readonly first: Caller | null },
): Promise<void> {
  const route = matchRoute(proxy.routes, request.host, request.path.decoded);
  // Never written: the one line of the exchange is, when it ends.
  const line = openRequestLine(requestId);
  const { decision, identified } = await judge(proxy, request, route, findScheme(request, route, proxy), line);
  const isOfFirst = identified.caller?.session_id === first?.session_id;
  if (!isOfFirst && first !== null) {
    throw credentialInvalid('revoked', `of ${JSON.stringify(first.id)} no longer counts`);
  }
  if (!isOfFirst || !decision.allow) {
    throw new BehalfError('ERR_DECISION_CHANGED', `judged again, it may not go on: ${decision.reasons.join(', ')}`, {
      reason: 'judged-again',
    });
  }
}
