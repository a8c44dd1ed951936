import { parseTarget } from './parse-target.ts';
import { SIGN_OUT_PATH } from './paths.ts';

/** The address of a host where to sign out; whoever signs in again there comes back to `target` on that host. */
export function writeSignOutUrl(target: string): string {
  const path = parseTarget(target);
  return path === '/' ? SIGN_OUT_PATH : `${SIGN_OUT_PATH}?redirect=${encodeURIComponent(path)}`;
}
