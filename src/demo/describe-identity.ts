import type { Somebody } from '../pages/page.ts';
import type { Identity } from './verify-headers.ts';

/** Somebody as pages show them, with the name that their assertion gives them. */
export function describeIdentity({ type, id, email, claims: { name } }: Identity): Somebody {
  return { type, id, email, name: typeof name === 'string' ? name : '' };
}
