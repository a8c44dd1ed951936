import { originOf } from './origin-of.ts';
import type { OwnRequest } from './own-request.ts';

export type Posted = Pick<OwnRequest, 'scheme' | 'authority' | 'header'>;

/**
 * Whether a form was sent from a page of the same origin, as browsers say of each POST: by `Sec-Fetch-Site`, older ones by
 * `Origin` (Fetch Metadata section 2.3; RFC 6454 section 7). What says neither is no browser's form.
 */
export function isSameOrigin(request: Posted): boolean {
  const site = request.header('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = request.header('origin');
  return origin !== null && origin === originOf(request);
}
