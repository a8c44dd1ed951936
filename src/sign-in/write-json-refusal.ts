import type { Answer } from './answer.ts';
import { listRefusalHeaders, type Refusal } from './list-refusal-headers.ts';
import { writeJson } from './write-json.ts';

interface Told {
  /** Where to sign in; null where nobody can, or it would not help. */
  readonly signInUrl?: string | null;
  /** For an operator alone. */
  readonly explanation?: object | null;
}

/** A refusal as programs read it; where nobody is signed in with where to sign in, for an operator with the reason why. */
export function writeJsonRefusal(
  refusal: Refusal,
  requestId: string,
  { signInUrl = null, explanation = null }: Told = {},
): Answer {
  const body = {
    ...refusal,
    request_id: requestId,
    ...(signInUrl === null ? {} : { sign_in_url: signInUrl }),
    ...(explanation === null ? {} : { explanation }),
  };
  // An explanation is of no origin, so that a page of the route's upstream which opens it in a window cannot read it.
  return writeJson(refusal.status, body, listRefusalHeaders(refusal), explanation !== null);
}
