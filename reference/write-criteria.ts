import type { PolicyReport } from '../checks/read-policy.ts';
import type { listCriteria } from '../src/compile/criteria.ts';
import { findCriterion } from './find-criterion.ts';
import { MATCHERS, type Matcher } from './matchers.ts';
import { writeTable } from './write-table.ts';

/** Writes the page of all criteria and matchers, docs/reference/criteria.md. */
export function writeCriteria(criteria: ReturnType<typeof listCriteria>, report: PolicyReport): string {
  const rows = criteria.map(({ key, matcher }) => {
    const { description, codes } = findCriterion(key, report);
    const { title } = MATCHERS[matcher];
    return [
      `\`${key}\``,
      `[${title}](#${title.replaceAll(' ', '-')})`,
      description,
      codes.map((code) => `[\`${code}\`](reasons.md)`).join(' '),
    ];
  });
  return `# Criteria and matchers

How they make a policy is in [Policies](../policy.md).

## Criteria

NAME stands for any name.

${writeTable(['criterion', 'takes', 'holds when', 'reasons'], rows)}

## Matchers

${Object.values(MATCHERS).map(writeMatcher).join('\n')}`;
}

function writeMatcher({ title, description, operators }: Matcher): string {
  const rows = Object.entries(operators).map(([name, operator]) => [`\`${name}\``, operator.description]);
  const table = rows.length === 0 ? '' : `\n${writeTable(['operator', 'meaning'], rows)}\n`;
  return `### ${title}\n\n${description}\n${table}`;
}
