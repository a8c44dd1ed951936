import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { facts, policy } from './arbitraries.ts';
import { compileVerdicts, type Verdicts } from './compile-verdicts.ts';
import { configOf } from './config-of.ts';
import { inputOf } from './input-of.ts';
import { judgePolicy } from './judge-policy.ts';

const seed = Date.now();
const policies = fc.sample(policy, { numRuns: 200, seed });
const config = configOf(Object.fromEntries(policies.map((each, at) => [`r${at}`, each])));
let verdicts: Verdicts;
beforeAll(async () => {
  verdicts = await compileVerdicts(config);
}, 120_000);

test(`200 random policies (seed ${seed}) mean in WASM what DESIGN says`, () =>
  fc.assert(
    fc.property(fc.constantFrom(...config.routes), facts, ({ id, policy }, facts) => {
      const input = inputOf(id, facts);
      expect(verdicts.judge(input)).toEqual(judgePolicy(policy, input));
    }),
    { numRuns: 5000 },
  ));
