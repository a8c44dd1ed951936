import type { Route } from '../config/config.ts';
import type { ProxyParts } from './build-proxy-parts.ts';
import { type FoundCaller, findCaller } from './find-caller.ts';
import { findCredential } from './find-credential.ts';
import { type FoundOriginalUser, findOriginalUser, NO_ORIGINAL_USER } from './find-original-user.ts';
import type { Header } from './header.ts';
import type { ClientRequest } from './read-request.ts';

export interface Identified extends FoundOriginalUser, FoundCaller {
  /** The request's headers without what may have named the caller. */
  readonly headers: readonly Header[];
}

/**
 * Who calls, and on whose behalf. For anyone but a service account the assertions are not even read: what a browser says
 * of another user counts for nothing.
 *
 * @throws BehalfError ERR_CREDENTIAL_*, ERR_IDENTITY_*, ERR_STATE_UNUSABLE
 */
export async function identify(request: ClientRequest, proxy: ProxyParts, route: Route | null): Promise<Identified> {
  const { identity, cookies, originalUser } = proxy;
  const { credential, headers } = findCredential(request, identity.findTokenKind, cookies);
  const found = await findCaller(request, credential, proxy);
  const { caller } = found;
  const own = { ...found, headers };
  if (caller?.type !== 'service_account') return { ...own, ...NO_ORIGINAL_USER };
  const presentation = { presenter: caller, maxAgeSeconds: route?.originalUserMaxAgeSeconds ?? null };
  return { ...own, ...(await findOriginalUser(request.presented, identity, presentation, originalUser)) };
}
