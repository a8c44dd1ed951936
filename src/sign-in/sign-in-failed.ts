import { BehalfError } from '../errors.ts';

/** ERR_SIGN_IN_FAILED: what somebody brought is not what was begun here. The page says why by `reason`. */
export function signInFailed(reason: string, detail: string): BehalfError {
  return new BehalfError('ERR_SIGN_IN_FAILED', detail, { reason });
}
