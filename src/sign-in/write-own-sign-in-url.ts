import { findSignInOrigin } from './find-sign-in-origin.ts';
import type { OwnRequest } from './own-request.ts';
import type { SignInParts } from './sign-in-parts.ts';
import { writeSignInUrl } from './write-sign-in-url.ts';

/** Where to sign in on the host of a request; null where nobody can. */
export function writeOwnSignInUrl(parts: SignInParts, request: OwnRequest, target: string): string | null {
  const origin = findSignInOrigin(parts, request);
  return origin && writeSignInUrl(origin, target);
}
