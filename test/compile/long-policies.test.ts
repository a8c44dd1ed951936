import { beforeAll, expect, test } from 'vitest';
import { writeRego } from '../../src/compile/write-rego.ts';
import type { Criterion, Policy, PolicyBlock } from '../../src/config/config.ts';
import { compileVerdicts, type Verdicts } from './compile-verdicts.ts';
import { configOf, locate, NOWHERE } from './config-of.ts';
import { inputOf } from './input-of.ts';
import { judgePolicy } from './judge-policy.ts';

const user = (id: string): Criterion => ({ name: 'user', subpath: null, data: locate(id), position: NOWHERE });
const block = (operator: PolicyBlock['operator'], ids: readonly string[]): PolicyBlock => ({
  operator,
  criteria: ids.map(user),
  position: NOWHERE,
});
const allow = (blocks: readonly PolicyBlock[]): Policy => ({
  rego: [],
  rules: [{ action: 'allow', blocks, position: NOWHERE }],
});
const ids = Array.from({ length: 701 }, (_, at) => `u${at}`);

/** OPA's compiler nests with each call in a rule, and overflows its stack at some 600. */
const POLICIES: Record<string, Policy> = {
  'or of 701': allow([block('or', ids)]),
  'and of 701': allow([
    block(
      'and',
      ids.map(() => 'u700'),
    ),
  ]),
  'not of 701': allow([block('not', ids)]),
  'nor of 701': allow([
    block(
      'nor',
      ids.map(() => 'u700'),
    ),
  ]),
  '701 blocks': allow(ids.map((id) => block('and', [id]))),
  'blocks that are long together alone': allow([block('and', ids.slice(0, 99)), block('or', ids.slice(0, 99))]),
};

let verdicts: Verdicts;
beforeAll(async () => {
  verdicts = await compileVerdicts(configOf(POLICIES));
});

test.each(Object.entries(POLICIES))('%s means the same in parts', (id, policy) => {
  for (const caller of [{ id: 'u0' }, { id: 'u50' }, { id: 'u700' }, { id: 'nobody' }, null]) {
    const input = inputOf(id, { caller });
    expect(verdicts.judge(input)).toEqual(judgePolicy(policy, input));
  }
});

test('a hundred criteria are one rule, one more are parts', () => {
  const count = (length: number) => {
    const { modules } = writeRego(configOf({ r0: allow([block('or', ids.slice(0, length))]) }));
    return (
      Object.values(modules)
        .join('')
        .match(/^_part_\d+ := /gm)?.length ?? 0
    );
  };
  expect([100, 101, 201].map(count)).toEqual([0, 2, 3]);
});
