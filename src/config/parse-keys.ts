import type { Position } from '../errors.ts';
import type { Located } from './config.ts';
import { describe } from './describe.ts';
import { GLOBAL_KEYS, ROUTE_KEYS } from './keys.ts';
import type { Context, Kind } from './kinds.ts';
import { nearest } from './nearest.ts';
import { POMERIUM_GLOBAL_KEYS, POMERIUM_ROUTE_KEYS } from './pomerium-keys.ts';

const LEVELS = {
  global: { keys: GLOBAL_KEYS, pomerium: POMERIUM_GLOBAL_KEYS, place: 'at the top level' },
  route: { keys: ROUTE_KEYS, pomerium: POMERIUM_ROUTE_KEYS, place: 'in a route' },
};
type Level = keyof typeof LEVELS;
type KeysOf<L extends Level> = (typeof LEVELS)[L]['keys'];

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

/** Reads a map by the table of keys of its level; whatever is no such key is an error. Undefined where it is no map. */
export function parseKeys<L extends Level>(map: Located, level: L, scope: Scope): Fields<L> | undefined {
  if (map.kind !== 'map') {
    const what = level === 'route' ? 'a route' : 'a configuration';
    return scope.problems.error(map.position, `${what} must be a map; found ${describe(map)}`);
  }
  const kinds: Readonly<Record<string, Kind<unknown>>> = LEVELS[level].keys;
  const fields: Record<string, Field<unknown>> = {};
  for (const { key, keyPosition, value } of map.entries) {
    const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
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
  return fields as Fields<L>;
}

function describeUnknown(key: string, level: Level): string {
  const { keys, pomerium, place } = LEVELS[level];
  const other = LEVELS[level === 'global' ? 'route' : 'global'];
  const isElsewhere = Object.hasOwn(other.keys, key);
  if (pomerium.has(key)) {
    const where = isElsewhere ? ` ${place}; it is known ${other.place}` : '';
    return `"${key}" is a key of Pomerium's that Behalf does not have yet${where}`;
  }
  if (isElsewhere) return `"${key}" is misplaced: it belongs ${other.place}`;
  if (other.pomerium.has(key)) return `"${key}" is a key of Pomerium's that Behalf does not have yet`;
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,39}$/.test(key)) return 'unknown key';
  const near = nearest(key.toLowerCase(), Object.keys(keys));
  return `unknown key "${key}"${near === null ? '' : `: did you mean "${near}"?`}`;
}
