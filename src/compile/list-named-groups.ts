import type { Criterion, Located, Policy } from '../config/config.ts';

/** The groups that the criteria of a policy compare the caller's with, whatever for. Those in Rego nobody can list. */
export function listNamedGroups({ rules }: Policy): readonly string[] {
  const criteria = rules.flatMap(({ blocks }) => blocks.flatMap((block) => block.criteria));
  return [...new Set(criteria.filter(isOfGroups).flatMap(({ data }) => listTexts(data)))];
}

/** `claim/groups` reads the claim that the groups come from. */
function isOfGroups({ name, subpath }: Criterion): boolean {
  return name === 'groups' || (name === 'claim' && subpath === 'groups');
}

/** Of a string list matcher: one text, or one behind each operator. */
function listTexts(data: Located): readonly string[] {
  if (data.kind === 'map') return data.entries.flatMap(({ value }) => listTexts(value));
  return data.kind === 'scalar' && typeof data.value === 'string' ? [data.value] : [];
}
