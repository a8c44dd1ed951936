import type { Route } from '../config/config.ts';
import { BehalfError } from '../errors.ts';
import { originOf } from '../sign-in/origin-of.ts';
import type { FoundCaller } from './find-caller.ts';
import type { Scheme } from './find-scheme.ts';
import type { ClientRequest } from './read-request.ts';

/**
 * A browser sends its cookies with a WebSocket's handshake, whatever page opens it, and asks nobody (RFC 6455, section
 * 10.2): one that a cookie vouches for has to come from a page of the route's own origin, or of one that the route allows.
 *
 * @throws BehalfError ERR_REQUEST_UPGRADE (`origin`)
 */
export function checkOrigin(
  request: ClientRequest,
  route: Route | null,
  scheme: Scheme,
  { isByCookie }: Pick<FoundCaller, 'isByCookie'>,
): void {
  if (!request.isUpgrade || !isByCookie) return;
  const own = originOf({ scheme, authority: request.authority });
  const [origin, ...others] = request.headers.flatMap(([name, value]) => (name === 'origin' ? [value] : []));
  const isAllowed = origin !== undefined && (origin === own || route?.allowedOrigins.includes(origin) === true);
  if (!isAllowed || others.length > 0) {
    throw new BehalfError(
      'ERR_REQUEST_UPGRADE',
      'a page of another origin opens a WebSocket with the session of a person',
      {
        reason: 'origin',
      },
    );
  }
}
