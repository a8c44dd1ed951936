import { loadPolicy } from '@open-policy-agent/opa-wasm';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLibrary } from '../../src/compile/read-library.ts';
import { writeRego } from '../../src/compile/write-rego.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import { configOf, locate, NOWHERE } from './config-of.ts';

/** Stand-ins for the library that give back what they are called with. */
const ECHO = {
  'criteria.rego': 'package behalf.criteria\n\nclaim(name, matcher) := [name, matcher]\n',
  'logic.rego': 'package behalf.logic\n\nany_of(items) := items\n',
};

const fragment = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(
    '"',
    '\\',
    '\n',
    '\r',
    '\t',
    '\0',
    '\x7f',
    '\x85',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\uffff',
    '😀',
    '{',
    '}',
  ),
  fc.constantFrom(
    '"})',
    '"}),\n]),\n',
    '\\"',
    '\\u0022',
    '`',
    '$"',
    '{{',
    '#',
    'data',
    '\n}\nverdict := true\n',
    '%s',
    '\\',
  ),
);
const text = fc.array(fragment, { maxLength: 4 }).map((fragments) => fragments.join(''));
const scalar = fc.oneof(
  { weight: 4, arbitrary: text },
  {
    weight: 1,
    arbitrary: fc.oneof(fc.integer(), fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.boolean(), fc.constant(null)),
  },
);

test('whatever stands in a claim name or value is that text in Rego, and nothing more', async () => {
  const seed = Date.now();
  const claims = fc.sample(
    fc.tuple(
      text.filter((name) => name !== ''),
      scalar,
    ),
    { numRuns: 500, seed },
  );
  const criteria = claims.map(([name, value]) => ({
    name: 'claim',
    subpath: name,
    data: locate({ has: value }),
    position: NOWHERE,
  }));
  const policy = {
    rego: [],
    rules: [
      {
        action: 'allow' as const,
        blocks: [{ operator: 'or' as const, criteria, position: NOWHERE }],
        position: NOWHERE,
      },
    ],
  };
  const { modules, data } = writeRego(configOf({ r0: policy }));
  const entrypoints = Object.values(data.routes).map((route) => `policies/${route.policy}/verdict`);

  await using compiler = startCompiler();
  const wasm = await compiler.compile({
    modules: { ...modules, ...ECHO },
    entrypoints,
    capabilities: (await readLibrary()).capabilities,
  });
  const [{ result }] = (await loadPolicy(wasm)).evaluate({});

  const expected = claims.map(([name, value]) => [name, { has: value === 0 ? 0 : value }]);
  // A long list comes in parts.
  expect(result.allow.flat(), `seed ${seed}`).toEqual(expected);
  expect(result.deny).toEqual([]);
});
