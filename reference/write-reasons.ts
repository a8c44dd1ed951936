import type { PolicyReport } from '../checks/read-policy.ts';
import type { listCriteria } from '../src/compile/criteria.ts';
import { explainReason, listOwnReasons } from '../src/pages/explain-reason.ts';
import { findCriterion } from './find-criterion.ts';
import { writeTable } from './write-table.ts';

/** Writes the page of all reasons, docs/reference/reasons.md. */
export function writeReasons(criteria: ReturnType<typeof listCriteria>, report: PolicyReport): string {
  const entries = criteria.map(({ key }) => ({ key, ...findCriterion(key, report) }));
  const byCode = report.reasons.toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const rows = byCode.map(({ code, text }) => {
    const givers = entries.filter(({ codes }) => codes.includes(code)).map(({ key }) => `\`${key}\``);
    return [`\`${code}\``, text, givers.length === 0 ? 'the decision itself' : givers.join(', ')];
  });
  return `# Reasons

Why a request may or may not pass, as decisions, logs and the page of a refusal name it. A policy in Rego may give codes of
its own.

## Of policies

${writeTable(['reason', 'meaning', 'given by'], rows)}

## Of the proxy

A request is refused with these before its route's policy is asked, or after it, where what it decided cannot be done.

${writeTable(
  ['reason', 'what the refusal says'],
  listOwnReasons().map((code) => [`\`${code}\``, explainReason(code)]),
)}
`;
}
