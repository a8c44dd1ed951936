import type { Located } from './config.ts';
import { describe } from './describe.ts';
import type { Kind } from './kinds.ts';

/** A claim of `allowed_idp_claims` by its flat dotted name, and the values of which one is enough. */
export interface AllowedClaim {
  readonly name: string;
  readonly values: readonly Located[];
}

/** A map from names of claims to a value or a list of values; maps within it become dotted names, as claims do. */
export const claims: Kind<readonly AllowedClaim[]> = {
  type: 'a map from claims to lists of values',
  shape: 'other',
  schema: { type: 'object' },
  parse(value, { subject, problems }) {
    if (value.kind === 'map') return flatten(value, '');
    return problems.error(value.position, `${subject} must be ${claims.type}; found ${describe(value, true)}`);
  },
};

function flatten(map: Located, prefix: string): readonly AllowedClaim[] {
  if (map.kind !== 'map') return [];
  return map.entries.flatMap(({ key, value }) => {
    const name = `${prefix}${key}`;
    if (value.kind === 'map') return flatten(value, `${name}.`);
    return { name, values: value.kind === 'list' ? value.items : [value] };
  });
}
