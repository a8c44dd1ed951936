import { beforeAll, describe, expect, test } from 'vitest';
import { type OpaCase, readCases } from './read-cases.ts';
import { type Result, runCases } from './run-cases.ts';

/** `make opa-cases` runs them all, which takes minutes. */
const STEP = 25;

test('of OPA\u2019s own cases, each that is compiled gives what OPA says', { timeout: 300_000 }, async () => {
  const results = await runCases(readCases().filter((_, at) => at % STEP === 0));
  const named = results.map(({ opaCase, ...outcome }) => ({ ...outcome, note: opaCase.note }));
  expect(named.filter(({ kind }) => kind === 'wrong')).toEqual([]);
  expect(named.filter(({ kind }) => kind === 'passed').length).toBeGreaterThan(0.85 * named.length);
});

describe('what is wrong is found', () => {
  const right: OpaCase = {
    file: 'here',
    note: 'here',
    query: 'data.here.p = x',
    modules: ['package here\n\np := [123456789012345678901234567890, {2, 1}]\n'],
    want_result: [{ x: [123456789012345678901234567890n, [1n, 2n]] }],
  };
  const cases: Record<string, { change: Partial<OpaCase>; kind: string }> = {
    nothing: { change: {}, kind: 'passed' },
    'the last digit of many': {
      change: { want_result: [{ x: [123456789012345678901234567891n, [1n, 2n]] }] },
      kind: 'wrong',
    },
    'the order of an array': {
      change: { want_result: [{ x: [[1n, 2n], 123456789012345678901234567890n] }] },
      kind: 'wrong',
    },
    'a result that should not be': { change: { want_result: [] }, kind: 'wrong' },
    'no error': { change: { want_error: 'any' }, kind: 'passed' },
    'no error, and no result to have': {
      change: { want_result: undefined as never, want_error_code: 'eval_conflict_error' },
      kind: 'wrong',
    },
    'a builtin that is refused': {
      change: { modules: ['package here\n\np := http.send({})\n'] },
      kind: 'refused',
    },
  };
  let results: readonly Result[];
  beforeAll(async () => {
    results = await runCases(Object.entries(cases).map(([note, { change }]) => ({ ...right, ...change, note })));
  });
  test.for(Object.entries(cases))('%s', ([name, { kind }]) => {
    expect(results.find(({ opaCase }) => opaCase.note === name)).toMatchObject({ kind });
  });
});
