import type { RouteReads } from '../reads.ts';
import type { InputDocument } from './documents.ts';

/**
 * All that a decision on a route can depend on, as text: two documents with the same have the same decision. It is the
 * whole document, but for the time and what the route's policy cannot read.
 */
export function writeKey(input: InputDocument, reads: RouteReads): string {
  const { time_ns, request, caller, original_user, ...rest } = input;
  return JSON.stringify([
    rest,
    list(request, reads.request),
    list(request.headers, reads.headers),
    caller && { ...caller, claims: list(caller.claims, reads.claims) },
    original_user && { ...original_user, claims: list(original_user.claims, reads.claims) },
  ]);
}

/** The values under `names`; 0, which no fact, header or claim is, for one that is missing. */
function list(record: object, names: readonly string[]): unknown[] {
  return names.map((name) => (Object.hasOwn(record, name) ? record[name as keyof object] : 0));
}
