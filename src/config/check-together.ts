import type { Position } from '../errors.ts';
import type { Problems } from './problems.ts';

/** Of keys that exclude one another all but the first are errors. */
export function checkTogether<K extends string>(
  fields: { readonly [key in K]?: { readonly keyPosition: Position } },
  keys: readonly K[],
  problems: Problems,
): void {
  const written = keys
    .flatMap((key) => {
      const field = fields[key];
      return field === undefined ? [] : { key, position: field.keyPosition };
    })
    .sort(({ position: a }, { position: b }) => a.line - b.line || a.column - b.column);
  for (const { key, position } of written.slice(1)) {
    problems.error(position, `"${key}" excludes "${written[0]?.key}": write one of them`);
  }
}
