import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '../identity/derive-key.ts';
import type { Sessions } from './session.ts';

export const LOCATOR_BYTES = 24;
const MAC_BYTES = 24;
const VALUE = /^[A-Za-z0-9_-]{64}$/;

/**
 * Values of session cookies: the locator and a MAC of it and of the host, so that a cookie which a sibling host was given,
 * or which somebody made up, is nothing here and costs no look-up. With a `domain` all hosts share one.
 */
export function openCookieValues(
  sharedSecret: Uint8Array,
  domain: string | null,
): Pick<Sessions, 'writeCookie' | 'readCookie'> {
  const key = deriveKey(sharedSecret, 'sessionCookie');
  // The locator has one length, so no other pair of locator and host gives the same bytes.
  const authenticate = (locator: Uint8Array, host: string): Buffer =>
    createHmac('sha256', key)
      .update(locator)
      .update(domain ?? host)
      .digest()
      .subarray(0, MAC_BYTES);

  return {
    writeCookie(locator, host) {
      const bytes = Buffer.from(locator, 'base64url');
      return Buffer.concat([bytes, authenticate(bytes, host)]).toString('base64url');
    },
    readCookie(value, host) {
      if (!VALUE.test(value)) return null;
      const bytes = Buffer.from(value, 'base64url');
      const locator = bytes.subarray(0, LOCATOR_BYTES);
      const isOurs = timingSafeEqual(bytes.subarray(LOCATOR_BYTES), authenticate(locator, host));
      return isOurs ? locator.toString('base64url') : null;
    },
  };
}
