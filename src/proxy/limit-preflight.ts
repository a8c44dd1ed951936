import type { Decision } from '../engine/documents.ts';
import type { Exchange } from './exchange.ts';
import type { Header } from './header.ts';
import { isMerePreflight } from './is-mere-preflight.ts';
import type { ClientRequest } from './read-request.ts';

const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie']);

/**
 * What goes on of a request. One that passes as a mere preflight has what browsers send with those (Fetch, section 4.8):
 * whoever else sends it may ask too, and no more.
 */
export function limitPreflight(
  request: Pick<ClientRequest, 'method'>,
  decision: Pick<Decision, 'reasons'>,
  headers: readonly Header[],
): Pick<Exchange, 'headers' | 'dropsBody'> {
  return isMerePreflight(request, decision)
    ? { headers: headers.filter(([name]) => !CREDENTIALS.has(name)), dropsBody: true }
    : { headers, dropsBody: false };
}
