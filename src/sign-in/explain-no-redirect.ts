import { originOf } from './origin-of.ts';
import type { OwnRequest } from './own-request.ts';
import type { SignInParts } from './sign-in-parts.ts';

/** Why a browser that asks for this is not sent to sign in, though others are; null where nobody of this host is. */
export function explainNoRedirect(
  { authority, servesHost }: Pick<SignInParts, 'authority' | 'servesHost'>,
  request: Pick<OwnRequest, 'scheme' | 'host' | 'authority'>,
): string | null {
  if (authority === null || !servesHost(request.host)) return null;
  const came = originOf(request) ?? request.authority;
  return `not sent to sign in: the browser came to ${came}, and must come to the port of ${authority.origin}`;
}
