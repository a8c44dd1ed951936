import { parseTarget } from './parse-target.ts';

/** The address of a host where to sign in, and which leads to `target` on that host then. */
export function writeSignInUrl(origin: string, target: string): string {
  const path = parseTarget(target);
  return `${origin}/.pomerium/sign_in${path === '/' ? '' : `?redirect=${encodeURIComponent(path)}`}`;
}
