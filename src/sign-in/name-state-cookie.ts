import { hash } from 'node:crypto';
import type { Cookies } from './cookies.ts';

/** The cookie of one sign-in, which the `state` in the provider's answer leads to. */
export function nameStateCookie({ statePrefix }: Pick<Cookies, 'statePrefix'>, state: string): string {
  return `${statePrefix}${hash('sha256', state, 'base64url').slice(0, 8)}`;
}
