import type { Position } from '../errors.ts';
import { checkTogether } from './check-together.ts';
import type { Located } from './config.ts';
import { describe } from './describe.ts';
import type { Context, Kind } from './kinds.ts';
import { LEVELS, type LevelOfKeys } from './levels.ts';
import { looksSecret } from './looks-secret.ts';
import { nearest } from './nearest.ts';

type Level = keyof typeof LEVELS;
type KeysOf<L extends Level> = (typeof LEVELS)[L]['keys'];

/** Keys that Pomerium had once, and what to write instead. */
const REMOVED = new Map([
  ['allowed_groups', 'write "policy: {allow: {or: [groups: {has: NAME}]}}"'],
  ['cookie_secure', 'leave it out, cookies are always Secure'],
]);

/** A key that was written; `value` is undefined where what was written is wrong, which has been said. */
export interface Field<T> {
  readonly value: T | undefined;
  readonly keyPosition: Position;
  readonly position: Position;
}

/** What a map says, by key; a key that was not written is not there. */
export type Fields<L extends Level> = {
  readonly [K in keyof KeysOf<L>]?: KeysOf<L>[K] extends Kind<infer T> ? Field<T> : never;
};

export type Scope = Omit<Context, 'subject'>;

/**
 * Reads a map by the table of keys of its level; whatever is no such key is an error, and so is a key that is missing or
 * excludes another. Undefined where it is no map.
 */
export function parseKeys<L extends Level>(map: Located, level: L, scope: Scope): Fields<L> | undefined {
  const { keys, name, required, exclusive }: LevelOfKeys = LEVELS[level];
  if (map.kind !== 'map') {
    return scope.problems.error(map.position, `${name} must be a map; found ${describe(map, true)}`);
  }
  const fields: Record<string, Field<unknown>> = {};
  for (const { key, keyPosition, value } of map.entries) {
    const kind = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (kind === undefined) {
      scope.problems.error(keyPosition, describeUnknown(key, level));
    } else {
      fields[key] = {
        value: kind.parse(value, { ...scope, subject: `"${key}"` }),
        keyPosition,
        position: value.position,
      };
    }
  }
  for (const group of required) {
    if (group.some((key) => fields[key] !== undefined)) continue;
    scope.problems.error(map.position, `missing key ${group.map((key) => `"${key}"`).join(' or ')}`);
  }
  for (const group of exclusive) checkTogether(fields, group, scope.problems);
  return fields as Fields<L>;
}

function describeUnknown(key: string, level: Level): string {
  const { keys, pomerium, place } = LEVELS[level];
  const others = Object.values<LevelOfKeys>(LEVELS).filter((other) => other.keys !== keys);
  const elsewhere = others.find((other) => Object.hasOwn(other.keys, key));
  if (pomerium.has(key)) {
    const where = elsewhere === undefined ? '' : ` ${place}; it is known ${elsewhere.place}`;
    return `"${key}" is a key of Pomerium's that Behalf does not have yet${where}`;
  }
  if (elsewhere !== undefined) return `"${key}" is misplaced: it belongs ${elsewhere.place}`;
  if (others.some((other) => other.pomerium.has(key))) {
    return `"${key}" is a key of Pomerium's that Behalf does not have yet`;
  }
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,39}$/.test(key)) return 'unknown key';
  const instead = REMOVED.get(key);
  if (instead !== undefined) return `"${key}" is no longer a key of Pomerium's: ${instead}`;
  const near = nearest(key.toLowerCase(), Object.keys(keys));
  if (near !== null) return `unknown key "${key}": did you mean "${near}"?`;
  return looksSecret(key) ? 'unknown key' : `unknown key "${key}"`;
}
