import { originOf } from './origin-of.ts';
import type { OwnRequest } from './own-request.ts';
import type { SignInParts } from './sign-in-parts.ts';

/**
 * Where a sign-in that begins with a request comes back to; null where nobody can sign in: on a host of no route there would
 * be no way back. All hosts are reached at the port of `authenticate_service_url`: another port, which anybody can write into
 * a request, may be another's server, who would be sent what is handed over. Of the authenticate host the configuration says
 * it: no route may be there to tell how TLS ends in front of this process.
 */
export function findSignInOrigin(
  { authority, servesHost }: Pick<SignInParts, 'authority' | 'servesHost'>,
  request: Pick<OwnRequest, 'scheme' | 'host' | 'authority'>,
): string | null {
  if (authority === null) return null;
  if (request.host === authority.host) return authority.origin;
  const origin = servesHost(request.host) ? originOf(request) : null;
  return origin !== null && new URL(origin).port === new URL(authority.origin).port ? origin : null;
}
