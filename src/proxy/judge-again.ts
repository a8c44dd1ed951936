import { BehalfError } from '../errors.ts';
import { buildInput } from './build-input.ts';
import type { ProxyParts } from './build-proxy-parts.ts';
import { checkUpgrade } from './check-upgrade.ts';
import { findScheme } from './find-scheme.ts';
import { identify } from './identify.ts';
import { matchRoute } from './match-route.ts';
import type { ClientRequest } from './read-request.ts';

/**
 * Judges a handshake that has passed once more, by the configuration, keys and records of this moment: a connection that it
 * opened may go on where it would pass now.
 *
 * @throws BehalfError ERR_REQUEST_UPGRADE (`judged-again`), and what the steps of a request throw
 */
export async function judgeAgain(proxy: ProxyParts, request: ClientRequest): Promise<void> {
  const route = matchRoute(proxy.routes, request.host, request.path.decoded);
  checkUpgrade(request, route);
  const identified = await identify(request, proxy, route);
  const { allow } = proxy.engine.decide(buildInput(route, request, findScheme(request, route), identified));
  if (!allow) {
    throw new BehalfError('ERR_REQUEST_UPGRADE', 'the connection may not go on', { reason: 'judged-again' });
  }
}
