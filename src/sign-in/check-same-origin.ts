import { isSameOrigin, type Posted } from './is-same-origin.ts';
import { signInFailed } from './sign-in-failed.ts';

/** @throws BehalfError ERR_SIGN_IN_FAILED (`origin`) where a form was not sent from a page of the same origin */
export function checkSameOrigin(request: Posted): void {
  if (!isSameOrigin(request)) throw signInFailed('origin', 'the form is not of a page of this origin');
}
