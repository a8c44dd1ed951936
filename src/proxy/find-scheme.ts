import type { Config, Route } from '../config/config.ts';
import { findRoutes, type RouteTable } from './match-route.ts';
import type { ClientRequest } from './read-request.ts';

export type Scheme = 'http' | 'https';

/** What says how clients reach a host. */
export interface Hosts extends Pick<Config, 'authenticateServiceUrl'> {
  readonly routes: RouteTable;
}

/**
 * How the client came: what TLS there is may also end in front of this listener, and `from` is how clients reach the
 * route, or another route of the host where none takes the path.
 */
export function findScheme(request: ClientRequest, route: Route | null, hosts: Hosts): Scheme {
  if (request.isSecure) return 'https';
  if (route !== null) return route.from.scheme;
  const { hostname, protocol } = hosts.authenticateServiceUrl ?? {};
  if (hostname === request.host) return protocol === 'https:' ? 'https' : 'http';
  return findRoutes(hosts.routes, request.host)[0]?.from.scheme ?? 'http';
}
