import type { Extension } from '../compile/compile-policy.ts';
import { writeCriterion } from '../compile/criteria.ts';
import { listBlocks } from '../compile/list-blocks.ts';
import type { WrittenRego } from '../compile/write-rego.ts';
import type { Policy } from '../config/config.ts';
import { collectProblems } from '../config/problems.ts';

/** The number of the entrypoint that says what the parts of a policy say: that of the decision is 0. */
export const EXPLANATION_ENTRYPOINT = 1;

/** OPA's compiler nests with each call in a rule: 600 overflow its stack. */
const CHUNK = 100;

const DISPATCH = `package behalf.explanation

results := data.behalf.explanations[data.routes[input.route.id].policy].results
`;

/** Rego that says, beside a policy's verdict, what each of its criteria and packages of Rego says. */
export function writeExplanationRego({ sources, data }: WrittenRego): Extension {
  const modules = Object.values(sources).flatMap(([source]) => {
    if (source === undefined) return [];
    const { id, policy } = source.route;
    const name = data.routes[id]?.policy ?? '';
    return [[`explanations/${name}.rego`, writeModule(name, policy)]];
  });
  return {
    modules: { ...Object.fromEntries(modules), 'explanations/explanation.rego': DISPATCH },
    entrypoints: ['behalf/explanation/results'],
    trusted: true,
  };
}

function writeModule(name: string, policy: Policy): string {
  // What is wrong with them was said when the policy itself was written.
  const problems = collectProblems();
  const calls = [...listBlocks(policy, 'allow'), ...listBlocks(policy, 'deny')].flatMap(({ criteria }) =>
    criteria.map((criterion) => `\t${writeCriterion(criterion, problems)},\n`),
  );
  const rules: string[] = [];
  for (let at = 0; at < calls.length; at += CHUNK) {
    rules.push(`results.criteria[${at / CHUNK}] := [\n${calls.slice(at, at + CHUNK).join('')}]\n`);
  }
  return [
    `package behalf.explanations.${name}\n`,
    ...(calls.length > 0 ? ['import data.behalf.criteria\n'] : ['results.criteria := {}\n']),
    ...rules,
    ...(policy.rego.length > 0 ? [] : ['results.rego := {}\n']),
    ...policy.rego.map((_, at) => `results.rego[${at}] := data.policies.${name}.rego_${at}\n`),
  ].join('\n');
}
