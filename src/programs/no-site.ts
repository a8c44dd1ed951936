import { BehalfError } from '../errors.ts';

/** For what answers otherwise than Behalf does. */
export function noSite({ origin }: URL): BehalfError {
  return new BehalfError('ERR_LOGIN_FAILED', `${origin} is no site of Behalf where people sign in by browser`);
}
