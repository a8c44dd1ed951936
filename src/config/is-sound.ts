import type { Located } from './config.ts';
import type { Field } from './parse-keys.ts';

/** Whether all keys of a map are known and have right values: only then is what is missing there left out on purpose. */
export function isSound(map: Located, fields: Readonly<Record<string, Field<unknown> | undefined>>): boolean {
  const right = Object.values(fields).filter((field) => field?.value !== undefined);
  return map.kind === 'map' && map.entries.length === right.length;
}
