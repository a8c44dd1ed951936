import type { Route } from '../config/config.ts';
import { BehalfError } from '../errors.ts';
import type { ClientRequest } from './read-request.ts';

/** @throws BehalfError ERR_REQUEST_UPGRADE where the route does not let a request become a WebSocket */
export function checkUpgrade({ isUpgrade }: ClientRequest, route: Route | null): void {
  if (isUpgrade && route?.allowWebsockets !== true) {
    throw new BehalfError('ERR_REQUEST_UPGRADE', 'the route does not allow WebSockets', { reason: 'upgrade' });
  }
}
