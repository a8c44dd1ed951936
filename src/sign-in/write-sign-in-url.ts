import { parseTarget } from './parse-target.ts';
import { SIGN_IN_PATH } from './paths.ts';

/** The address of a host where to sign in, and which leads to `target` on that host then. */
export function writeSignInUrl(origin: string, target: string): string {
  const path = parseTarget(target);
  return `${origin}${SIGN_IN_PATH}${path === '/' ? '' : `?redirect=${encodeURIComponent(path)}`}`;
}
