import type { Route } from '../config/config.ts';
import type { Caller } from '../engine/documents.ts';
import { NO_TOKENS, type Tokens } from './apply-request-headers.ts';
import type { ProxyParts } from './build-proxy-parts.ts';
import { findCredential } from './find-credential.ts';
import { type FoundOriginalUser, findOriginalUser, NO_ORIGINAL_USER } from './find-original-user.ts';
import type { Header } from './header.ts';
import type { ReadHeaders } from './read-headers.ts';

export interface Identified extends FoundOriginalUser {
  readonly caller: Caller | null;
  /** The request's headers without the credential that named the caller. */
  readonly headers: readonly Header[];
  /** Those of a session. A token that a program brings is its credential, and goes no further. */
  readonly tokens: Tokens;
}

/**
 * Who calls, and on whose behalf. For anyone but a service account the assertions are not even read: what a browser says
 * of another user counts for nothing.
 *
 * @throws BehalfError ERR_CREDENTIAL_*, ERR_IDENTITY_*, ERR_STATE_UNUSABLE
 */
export async function identify(
  request: ReadHeaders,
  { identity, originalUser }: Pick<ProxyParts, 'identity' | 'originalUser'>,
  route: Route | null,
): Promise<Identified> {
  const { credential, headers } = findCredential(request, (token) => identity.findTokenKind(token));
  const caller = credential === null ? null : await identity.identifyCaller(credential);
  const own = { caller, headers, tokens: NO_TOKENS };
  if (caller?.type !== 'service_account') return { ...own, ...NO_ORIGINAL_USER };
  const presentation = { presenter: caller, maxAgeSeconds: route?.originalUserMaxAgeSeconds ?? null };
  return { ...own, ...(await findOriginalUser(request.presented, identity, presentation, originalUser)) };
}
