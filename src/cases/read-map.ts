import type { Located } from '../config/config.ts';
import { describe } from '../config/describe.ts';
import type { Context } from '../config/kinds.ts';
import { nearest } from '../config/nearest.ts';
import { quote } from '../config/quote.ts';
import type { Position } from '../errors.ts';

/** Undefined where the value is wrong, which `context.problems` then says. */
export type Reader<T> = (value: Located, context: Context) => T | undefined;

type Readers = Readonly<Record<string, Reader<unknown>>>;

export type Read<R extends Readers> = {
  readonly [K in keyof R]?: R[K] extends Reader<infer T> ? { readonly value: T; readonly position: Position } : never;
};

/**
 * Reads a map by a table of its keys: whatever is no such key is an error, and so is one of `required` that is not there.
 * What is wrong is left out. Undefined where it is no map.
 */
export function readMap<R extends Readers>(
  map: Located,
  readers: R,
  context: Context,
  required: readonly (keyof R & string)[] = [],
): Read<R> | undefined {
  const { subject, problems } = context;
  if (map.kind !== 'map') return problems.error(map.position, `${subject} must be a map; found ${describe(map)}`);
  for (const key of required) {
    if (!map.entries.some((entry) => entry.key === key)) problems.error(map.position, `${subject} has no "${key}"`);
  }
  const read: Record<string, unknown> = {};
  for (const { key, keyPosition, value } of map.entries) {
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (reader === undefined) {
      const near = nearest(key.toLowerCase(), Object.keys(readers));
      const hint = near === null ? `it takes ${Object.keys(readers).join(', ')}` : `did you mean "${near}"?`;
      problems.error(keyPosition, `unknown key ${quote(key)} in ${subject}: ${hint}`);
      continue;
    }
    const found = reader(value, { ...context, subject: `"${key}"` });
    if (found !== undefined) read[key] = { value: found, position: keyPosition };
  }
  return read as Read<R>;
}

/** Reads a map with names of the user's own, each value by the same reader; the result keeps the order of the file. */
export function readNamed<T>(
  map: Located,
  read: (value: Located, context: Context, name: string, position: Position) => T | undefined,
  context: Context,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  if (map.kind !== 'map') {
    context.problems.error(map.position, `${context.subject} must be a map; found ${describe(map)}`);
    return found;
  }
  for (const { key, keyPosition, value } of map.entries) {
    const item = read(value, { ...context, subject: quote(key) }, key, keyPosition);
    if (item !== undefined) found.set(key, item);
  }
  return found;
}
