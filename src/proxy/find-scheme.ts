import type { Route } from '../config/config.ts';
import type { ClientRequest } from './read-request.ts';

export type Scheme = 'http' | 'https';

/** How the client came: what TLS there is may also end in front of this listener, and `from` is how clients reach the route. */
export function findScheme(request: ClientRequest, route: Route | null): Scheme {
  return request.isSecure ? 'https' : (route?.from.scheme ?? 'http');
}
