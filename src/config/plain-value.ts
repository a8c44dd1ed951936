import type { Located } from './config.ts';

/** A value of YAML without its places. */
export function plainValue(value: Located): unknown {
  switch (value.kind) {
    case 'scalar':
      return value.value;
    case 'list':
      return value.items.map(plainValue);
    case 'map':
      // fromEntries, as a claim may be called `__proto__`.
      return Object.fromEntries(value.entries.map((entry) => [entry.key, plainValue(entry.value)]));
  }
}
