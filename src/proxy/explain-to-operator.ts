import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, InputDocument } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { ProxyParts } from './build-proxy-parts.ts';
import { watchDecision } from './watch-decision.ts';

export interface Explained {
  readonly explanation: Explanation;
  readonly input: InputDocument;
}

/**
 * Why a request was refused, for a person whom the configuration lists as an operator; null for everyone else. A refusal
 * depends on no explanation: where none can be had, the log says so.
 */
export function explainToOperator(
  { explainer, operators, log }: Pick<ProxyParts, 'explainer' | 'operators' | 'log'>,
  input: InputDocument,
  headers: IncomingHttpHeaders,
  requestId: string,
): Explained | null {
  if (explainer === null || !isOperator(input.caller, operators) || mayBeOfPage(headers)) return null;
  try {
    const explanation = watchDecision({ log, input, requestId }, explainer.explain, { explained: true });
    return { explanation, input };
  } catch (error) {
    if (!(error instanceof BehalfError)) throw error;
    log.warn('a refusal could not be explained', { route: input.route.name, detail: error.message });
    return null;
  }
}

/** A "@" makes an entry an email address, so that no id which a provider lets people choose passes for one. */
function isOperator(caller: Caller | null, operators: readonly string[]): boolean {
  return (
    caller?.type === 'user' && operators.some((entry) => entry === (entry.includes('@') ? caller.email : caller.id))
  );
}

/**
 * An upstream's page may fetch what its visitor may see, on its own host, and so may read the policy there. Browsers say
 * so (W3C Fetch Metadata), and no script can say otherwise; programs say nothing. A service worker that fetches a
 * navigation again keeps its mode but not its destination; what it preloads has both, and a header of its own (Service
 * Workers, "Handle Fetch"). Nor does a page of another site make us explain.
 */
function mayBeOfPage(headers: IncomingHttpHeaders): boolean {
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': destination, 'sec-fetch-site': site } = headers;
  if (headers['service-worker-navigation-preload'] !== undefined || site === 'cross-site') return true;
  return mode !== undefined && (mode !== 'navigate' || destination !== 'document');
}
