import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { facts, policy } from './arbitraries.ts';
import { compileVerdicts, type Verdicts } from './compile-verdicts.ts';
import { configOf } from './config-of.ts';
import { inputOf } from './input-of.ts';
import { interpretVerdicts } from './interpret-verdicts.ts';
import { judgePolicy } from './judge-policy.ts';

const seed = Date.now();
const policies = fc.sample(policy, { numRuns: 200, seed });
const config = configOf(Object.fromEntries(policies.map((each, at) => [`r${at}`, each])));
const pair = fc
  .tuple(fc.constantFrom(...config.routes), facts)
  .map(([{ id, policy }, each]) => ({ policy, input: inputOf(id, each) }));
let verdicts: Verdicts;
beforeAll(async () => {
  verdicts = await compileVerdicts(config);
});

test(`200 random policies (seed ${seed}) mean in WASM what DESIGN says`, () =>
  fc.assert(
    fc.property(pair, ({ policy, input }) => {
      expect(verdicts.judge(input)).toEqual(judgePolicy(policy, input));
    }),
    { numRuns: 5000 },
  ));

test(`and in OPA's interpreter (seed ${seed})`, async () => {
  const pairs = fc.sample(pair, { numRuns: 500, seed });
  const interpreted = await interpretVerdicts(
    config,
    pairs.map(({ input }) => input),
  );
  expect(interpreted).toEqual(pairs.map(({ policy, input }) => judgePolicy(policy, input)));
});
