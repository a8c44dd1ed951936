import type { PolicyReport } from '../checks/read-policy.ts';

export interface CriterionEntry {
  readonly description: string;
  /** Reasons that it can give, sorted. */
  readonly codes: readonly string[];
}

const PACKAGE = 'data.behalf.criteria';

/** What the METADATA of the policy library says of a criterion: of the rule whose title is its key. */
export function findCriterion(key: string, { annotations, codes_by_rule }: PolicyReport): CriterionEntry {
  for (const { path, annotations: note } of annotations) {
    const rule = path.map(({ value }) => value).join('.');
    if (note.title !== key || !rule.startsWith(`${PACKAGE}.`)) continue;
    return { description: note.description ?? '', codes: codes_by_rule[rule] ?? [] };
  }
  throw new Error(`no rule of ${PACKAGE} has METADATA with the title "${key}"`);
}
