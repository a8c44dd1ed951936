import type { Located, LocatedEntry } from './config.ts';
import { GLOBAL_KEYS } from './keys.ts';
import type { Kind } from './kinds.ts';

const KINDS: Readonly<Record<string, Kind<unknown>>> = GLOBAL_KEYS;

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that are read, each with its key: every global key but lists and maps, in upper case. */
export const VARIABLES: ReadonlyMap<string, string> = new Map(
  Object.entries(KINDS)
    .filter(([, kind]) => kind.shape !== 'other')
    .map(([key]) => [key.toUpperCase(), key]),
);

/**
 * Puts the keys of the environment in place of the file's. A variable that is empty is none, and one for `key` replaces
 * `key_file` as well, and the other way round.
 */
export function applyEnvironment(tree: Located, environment: Environment): Located {
  if (tree.kind !== 'map') return tree;
  const entries = [...VARIABLES].flatMap(([name, key]): readonly LocatedEntry[] => {
    const text = environment[name];
    if (text === undefined || text === '') return [];
    const position = { file: `env:${name}`, line: 1, column: 1 };
    return [{ key, keyPosition: position, value: { kind: 'scalar', value: read(key, text), position } }];
  });
  const replaced = new Set(entries.map(({ key }) => stem(key)));
  return { ...tree, entries: [...tree.entries.filter(({ key }) => !replaced.has(stem(key))), ...entries] };
}

function stem(key: string): string {
  return key.replace(/_file$/, '');
}

/** As YAML would read it, where that is what the key takes. */
function read(key: string, text: string): string | boolean | number {
  const shape = KINDS[key]?.shape;
  if (shape === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return shape === 'number' && /^\d+$/.test(text) ? Number(text) : text;
}
