import type { Caller } from '../engine/documents.ts';
import type { Answer } from './answer.ts';
import type { OwnContext } from './own-context.ts';
import type { OwnRequest } from './own-request.ts';
import type { SignInParts } from './sign-in-parts.ts';
import { writeJson } from './write-json.ts';
import { writeJsonRefusal } from './write-json-refusal.ts';
import { writeOwnSignInUrl } from './write-own-sign-in-url.ts';

/** `/.pomerium/user`: what an assertion says of the caller, without what it says of itself. */
export async function answerUser(parts: SignInParts, request: OwnRequest, context: OwnContext): Promise<Answer> {
  const { caller, claims } = await context.whoAmI();
  if (caller === null) {
    const refusal = { status: 401, error: 'unauthenticated', reasons: ['user-unauthenticated'] };
    const signInUrl = writeOwnSignInUrl(parts, request, '/.pomerium/');
    return writeJsonRefusal(refusal, context.requestId, { signInUrl });
  }
  const { iss: _iss, aud: _aud, ...rest } = claims ?? describe(caller);
  return writeJson(200, rest);
}

/** Where no route would sign anything, of what is known the same. */
function describe({ id, email, name, groups, session_id: sid, type }: Caller): Readonly<Record<string, unknown>> {
  return { sub: id, user: id, email, name, groups, sid, caller_type: type };
}
