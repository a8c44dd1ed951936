import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import type { InputDocument } from '../src/engine/documents.ts';
import { facts, policy } from '../test/compile/arbitraries.ts';
import { compileVerdicts } from '../test/compile/compile-verdicts.ts';
import { configOf } from '../test/compile/config-of.ts';
import { inputOf } from '../test/compile/input-of.ts';
import { interpretVerdicts } from '../test/compile/interpret-verdicts.ts';
import { judgePolicy } from '../test/compile/judge-policy.ts';
import type { Report } from './report.ts';

const ROUNDS = 10;
const POLICIES = 200;
const PAIRS = 1000;

/** Random policies and requests: what DESIGN says, written straight in TypeScript, against the interpreter and WASM. */
export async function compareMeanings(): Promise<Report> {
  const seed = Date.now();
  let differences = 0;
  for (let round = 0; round < ROUNDS; round++) differences += await countDifferences(seed + round);
  return {
    title: `The meaning of ${ROUNDS * PAIRS} pairs of a random policy and request, three times (seed ${seed})`,
    notes: ["Straight in TypeScript, in OPA's interpreter, and in WASM; make test does the same with fewer."],
    rows: [{ policies: ROUNDS * POLICIES, pairs: ROUNDS * PAIRS, differences }],
    bars: [{ what: 'pairs whose meanings differ', value: differences, atMost: 0 }],
  };
}

async function countDifferences(seed: number): Promise<number> {
  const policies = fc.sample(policy, { numRuns: POLICIES, seed });
  const config = configOf(Object.fromEntries(policies.map((each, at) => [`r${at}`, each])));
  const pairs = fc.sample(fc.tuple(fc.constantFrom(...config.routes), facts), { numRuns: PAIRS, seed });
  const inputs = pairs.map(([{ id }, each]) => inputOf(id, each));
  const [verdicts, interpreted] = await Promise.all([compileVerdicts(config), interpretVerdicts(config, inputs)]);
  return pairs.filter(([{ policy }], at) => {
    const input = inputs[at] as InputDocument;
    const meant = judgePolicy(policy, input);
    return !isDeepStrictEqual(verdicts.judge(input), meant) || !isDeepStrictEqual(interpreted[at], meant);
  }).length;
}
