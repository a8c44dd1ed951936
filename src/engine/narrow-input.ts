import type { RouteReads } from '../reads.ts';
import type { InputDocument } from './documents.ts';

/** The document without the headers and claims that the route's policy cannot read (DESIGN "Input document"). */
export function narrowInput(input: InputDocument, reads: RouteReads): InputDocument {
  const { request, caller, original_user } = input;
  return {
    ...input,
    request: { ...request, headers: pick(request.headers, reads.headers) },
    caller: caller && { ...caller, claims: pick(caller.claims, reads.claims) },
    original_user: original_user && { ...original_user, claims: pick(original_user.claims, reads.claims) },
  };
}

/** fromEntries, as a claim may be called `__proto__`. */
function pick<Value>(record: Readonly<Record<string, Value>>, names: readonly string[]): Record<string, Value> {
  const found = names.filter((name) => Object.hasOwn(record, name));
  return Object.fromEntries(found.map((name) => [name, record[name] as Value]));
}
