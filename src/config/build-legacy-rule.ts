import type { Position } from '../errors.ts';
import type { Criterion, Located, PolicyRule } from './config.ts';
import type { Field, Fields } from './parse-keys.ts';
import type { Problems } from './problems.ts';

/** What Pomerium refuses beside each key: there it would look like a restriction, and be none. */
const EXCLUDED = [
  ['allow_public_unauthenticated_access', ['allow_any_authenticated_user', 'allowed_domains', 'allowed_users']],
  ['allow_any_authenticated_user', ['allowed_domains', 'allowed_users']],
] as const;

/**
 * Writes the keys that are older than `policy:`, those of sub-policies too, as one allow rule, in Pomerium's order (ToPPL,
 * config/policy_ppl.go). Null where none of them allows anything.
 */
export function buildLegacyRule(
  fields: Fields<'route'>,
  subPolicies: readonly Fields<'sub_policy'>[],
  problems: Problems,
): PolicyRule | null {
  checkExcluded(fields, subPolicies, problems);
  const all = [fields, ...subPolicies];
  const criteria = [
    ...flag('accept', fields.allow_public_unauthenticated_access),
    ...flag('cors_preflight', fields.cors_allow_preflight),
    ...flag('authenticated_user', fields.allow_any_authenticated_user),
    ...all.flatMap((each) => (each.allowed_domains?.value ?? []).map((domain) => equals('domain', domain))),
    ...all.flatMap(listClaims),
    ...all
      .flatMap((each) => each.allowed_users?.value ?? [])
      .flatMap((user) => [equals('user', user), equals('email', user)]),
  ];
  const position = criteria[0]?.position;
  return position === undefined
    ? null
    : { action: 'allow', blocks: [{ operator: 'or', criteria, position }], position };
}

function listClaims({ allowed_idp_claims: claims }: Fields<'route'> | Fields<'sub_policy'>): readonly Criterion[] {
  return (claims?.value ?? [])
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, values }) => values.map((value) => criterion('claim', name, value, value.position)));
}

function checkExcluded(
  fields: Fields<'route'>,
  subPolicies: readonly Fields<'sub_policy'>[],
  problems: Problems,
): void {
  for (const [key, others] of EXCLUDED) {
    if (fields[key]?.value !== true) continue;
    for (const excluded of others) {
      for (const each of [fields, ...subPolicies]) {
        const field = (each as Fields<'route'>)[excluded];
        if (field === undefined || field.value === false) continue;
        problems.error(field.keyPosition, `"${excluded}" restricts nothing beside "${key}: true"; keep one of them`);
      }
    }
  }
}

function flag(name: string, field: Field<boolean> | undefined): readonly Criterion[] {
  if (field?.value !== true) return [];
  return [criterion(name, null, { kind: 'scalar', value: true, position: field.position }, field.keyPosition)];
}

function equals(name: string, value: Located): Criterion {
  const { position } = value;
  return criterion(
    name,
    null,
    { kind: 'map', entries: [{ key: 'is', keyPosition: position, value }], position },
    position,
  );
}

function criterion(name: string, subpath: string | null, data: Located, position: Position): Criterion {
  return { name, subpath, data, position };
}
