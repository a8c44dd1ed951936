import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compilePolicy } from '../../src/compile/compile-policy.ts';
import { listTakes } from '../../src/compile/list-takes.ts';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { type Engine, loadEngine } from '../../src/engine/load-engine.ts';
import { BehalfError, writeProblem } from '../../src/errors.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import { inputOf } from './input-of.ts';

const compiler = startCompiler();
afterAll(() => compiler[Symbol.asyncDispose]());

/** By function: what is taken, and what is not, as it would be written in Rego. */
const CASES: Readonly<Record<string, readonly [taken: readonly string[], refused: readonly string[]]>> = {
  'criteria.email': [
    ['"a@x.com"', '{"is": "5"}', '{"starts_with": "a", "not_in": []}', '{"in": {"a", "b"}}'],
    [
      '{"is": 5}',
      '{"not": true}',
      '{"in": {"a", null}}',
      '{"not_in": [5]}',
      '{}',
      '5',
      'null',
      '["a"]',
      '{"start_with": "a"}',
      '{"starts_with": 5}',
      '{"in": "a"}',
      '{"in": [["a"]]}',
    ],
  ],
  'criteria.original_user_domain': [['{"not": "x.com"}'], ['{"nott": "x.com"}']],
  'criteria.groups': [
    ['"a"', '"5"', '{"has": "a", "exclude": "b"}'],
    [
      '5',
      'true',
      '{"has": 5}',
      '{"is": null}',
      '{"has": "a", "exclude": 5}',
      '{}',
      'null',
      '["a"]',
      '{"contains": "a"}',
      '{"has": ["a"]}',
    ],
  ],
  'criteria.original_user_groups': [['{"exclude": "a"}'], ['{"exclude": 5}']],
  'criteria.claim': [
    ['"a", {"is": 5}', '"a", 5', '"a", {"exclude": null}'],
    ['"a", {"iss": 5}', '5, {"is": 5}', '"a", {}'],
  ],
  'criteria.source_ip': [
    ['"10.0.0.0/8"', '["10.0.0.0/8", "2001:db8::/32"]', '{"192.0.2.1/32"}'],
    ['"10.0.0.0/33"', '"192.0.2.1"', '[]', '["10.0.0.0/8", "localhost"]', '"::ffff:10.0.0.0/104"'],
  ],
  'criteria.client_certificate': [
    ['{"fingerprint": ["a"], "san_dns": {"ends_with": ".x.com"}}'],
    ['{}', '{"fingerprint": "a"}', '{"spki_hash": []}', '{"san_dns": {"end_with": "a"}}', '{"subject": "a"}'],
  ],
  'criteria.date': [
    ['{"after": 1}', '{"after": 1, "before": 2}'],
    ['{}', '{"after": "2030-01-31"}', '{"timezone": "UTC"}', '{"after": 2, "before": 1}', '{"after": 1, "before": 1}'],
  ],
  'criteria.day_of_week': [
    ['{"is": ["Monday"], "timezone": "Europe/Berlin"}', '{"is": {"Sunday"}, "timezone": "UTC"}'],
    [
      '{"is": ["Monday"]}',
      '{"is": "mon-fri", "timezone": "UTC"}',
      '{"is": ["monday"], "timezone": "UTC"}',
      '{"is": [], "timezone": "UTC"}',
      '{"is": ["Monday"], "timezone": "Europe/Berlim"}',
    ],
  ],
  'criteria.time_of_day': [
    ['{"after": "22:00:00", "before": "06:00:00.5", "timezone": "Asia/Tokyo"}'],
    [
      '{"timezone": "UTC"}',
      '{"after": "9:00", "timezone": "UTC"}',
      '{"after": "09:00:00"}',
      '{"after": "09:00:00", "timezone": "Mars"}',
    ],
  ],
  'logic.any_of': [
    ['[true, [false], [false, {"a"}]]', '{"a": false}', 'set()'],
    ['["a"]', '"a"', '[1]', '[[true, "a"]]'],
  ],
};
const calls = (at: 0 | 1): readonly (readonly [call: string, name: string])[] =>
  Object.entries(CASES).flatMap(([name, lists]) => lists[at].map((args) => [`${name}(${args})`, name] as const));

/** A route for each of these texts, `r0`, ..., that denies by it; its text is the fourth line of the route's Rego. */
function configOf(texts: readonly string[]): Config {
  const routes = texts.map(
    (text, at) => `- from: http://r${at}.localhost
  to: http://127.0.0.1:1
  policy:
    rego: |
      import data.behalf.criteria
      import data.behalf.logic
      allow := logic.any_of([true, criteria.accept])
      deny := ${text}
`,
  );
  return parseConfig(`insecure_server: true\nroutes:\n${routes.join('')}`, 'b.yaml').config;
}

async function problemsOf(texts: readonly string[]): Promise<readonly string[]> {
  try {
    await compilePolicy(configOf(texts), compiler);
    return [];
  } catch (error) {
    if (!(error instanceof BehalfError)) throw error;
    return error.problems.map(writeProblem);
  }
}

const lineOf = (at: number): number => 10 + 8 * at;

describe('literals that the library does not take', () => {
  test('are refused when compiled, each at its place', async () => {
    const takes = listTakes();
    const refused = calls(1);
    expect((await problemsOf(refused.map(([call]) => call))).toSorted()).toEqual(
      refused
        .map(([call, name], at) => {
          const column = 15 + (name === 'criteria.claim' ? call.indexOf(', ') + 2 : name.length + 1);
          return `b.yaml:${lineOf(at)}:${column}: ${name} does not take this, and each request that came here would get 503: it takes ${takes[name]}`;
        })
        .toSorted(),
    );
  });

  test.each([
    'criteria.email({"x": 1}).value',
    'true if criteria.email({"x": 1}).value == false',
    'true if not criteria.email({"x": 1}).value',
    'logic.none_of([criteria.accept, criteria.email({"x": 1})])',
    'true if { some x in [1]; x == count([1 | criteria.email({"x": 1}).value]) }',
    'true if every x in [1] { criteria.email({"x": x}).value; criteria.email({"x": 1}).value }',
  ])('wherever the call stands: %s', async (text) => {
    expect(await problemsOf([text])).toEqual([expect.stringContaining(' criteria.email does not take this')]);
  });

  test('those that it takes compile', async () => {
    expect(await problemsOf(calls(0).map(([call]) => call))).toEqual([]);
  });
});

/** The same where no compiler can tell it beforehand: an argument is found in a list. */
const computed = (call: string): string =>
  call.replace(/\((.*)\)$/s, (_, args) => {
    const [, name = '', last] = /^("a", |5, )?(.*)$/s.exec(args) ?? [];
    return `(${name}[value | value := ${last}][0])`;
  });

describe('what is refused when compiled is an error at the request, and nothing else is', () => {
  let engine: Engine;
  const all = [...calls(0).map(([call]) => [call, true] as const), ...calls(1).map(([call]) => [call, false] as const)];
  beforeAll(async () => {
    engine = await loadEngine(await compilePolicy(configOf(all.map(([call]) => computed(call))), compiler));
  });

  test.each(all.map(([call, isTaken], at) => [call, isTaken, at] as const))('%s', (_, isTaken, at) => {
    const decide = () => engine.decide(inputOf(`r${at}`, {})).status;
    if (isTaken) expect([200, 401, 403]).toContain(decide());
    else expect(decide).toThrow(/a function of data\.behalf was called with a value that it does not take/);
  });
});
