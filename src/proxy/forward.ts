import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Exchange } from './exchange.ts';
import { forwardRequest } from './forward-request.ts';
import { forwardUpgrade } from './forward-upgrade.ts';

/**
 * Carries a request to its upstream and the answer to the client. One attempt: a request is never sent twice.
 *
 * Resolves when the client has it all, for an upgraded connection when that has ended. Where it rejects, the client has no
 * answer yet (`hasBegun` is false), or a part of one, and is to be cut off.
 *
 * @throws BehalfError ERR_UPSTREAM_UNREACHABLE, ERR_UPSTREAM_PROTOCOL, ERR_UPSTREAM_TIMEOUT, ERR_REQUEST_TIMEOUT,
 *   ERR_REQUEST_MALFORMED, ERR_CLIENT_GONE, and what `recheck` rejects with
 */
export function forward(message: IncomingMessage, response: ServerResponse, exchange: Exchange): Promise<void> {
  return exchange.upgradeLimits === null
    ? forwardRequest(message, response, exchange)
    : forwardUpgrade(message, response, exchange, exchange.upgradeLimits);
}
