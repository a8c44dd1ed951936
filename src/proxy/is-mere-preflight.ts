import type { Decision } from '../engine/documents.ts';
import type { ClientRequest } from './read-request.ts';

/** Whether a request passes as a CORS preflight (`cors_allow_preflight`), and for no other reason. */
export function isMerePreflight(
  { method }: Pick<ClientRequest, 'method'>,
  { reasons }: Pick<Decision, 'reasons'>,
): boolean {
  return method === 'OPTIONS' && reasons.length === 1 && reasons[0] === 'cors-request';
}
