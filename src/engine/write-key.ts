import type { RouteReads } from '../reads.ts';
import type { InputDocument, OriginalUser } from './documents.ts';

/**
 * All that a decision on a route can depend on, as text: two documents with the same have the same decision. It is the
 * whole document, but for the time and what the route's policy cannot read.
 */
export function writeKey(input: InputDocument, reads: RouteReads): string {
  const { time_ns, request, caller, original_user, ...rest } = input;
  const key = JSON.stringify([
    rest,
    list(request, reads.request),
    list(request.headers, reads.headers),
    caller && { ...caller, claims: list(caller.claims, reads.claims) },
  ]);
  return original_user === null ? key : key + writeOriginalUser(original_user, reads);
}

/** By what is read and of whom: a verified assertion that is brought again states the same object. */
const written = new WeakMap<RouteReads, WeakMap<OriginalUser, string>>();

function writeOriginalUser(user: OriginalUser, reads: RouteReads): string {
  let texts = written.get(reads);
  if (texts === undefined) {
    texts = new WeakMap();
    written.set(reads, texts);
  }
  let text = texts.get(user);
  if (text === undefined) {
    text = JSON.stringify({ ...user, claims: list(user.claims, reads.claims) });
    texts.set(user, text);
  }
  return text;
}

/** The values under `names`; 0, which no fact, header or claim is, for one that is missing. */
function list(record: object, names: readonly string[]): unknown[] {
  return names.map((name) => (Object.hasOwn(record, name) ? record[name as keyof object] : 0));
}
