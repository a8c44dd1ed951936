import * as opaWasm from '@open-policy-agent/opa-wasm';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { openInstance } from '../../src/engine/open-instance.ts';
import { compileDecisions } from '../opa/compile-rego.ts';

let wasm: { echo: Uint8Array; grow: Uint8Array };
beforeAll(async () => {
  wasm = await compileDecisions({
    echo: 'decision := {"input": input, "data": data.kept}',
    grow: 'decision := count([x | some i in input.list; x := [[i]]])',
  });
});

const DATA = { kept: ['é', '\u{1f600}', 1e21] };

test('property: it gives what opa-wasm gives, for any JSON and whatever came before', async () => {
  const instance = openInstance(await WebAssembly.compile(wasm.echo), DATA);
  const theirs = await opaWasm.loadPolicy(wasm.echo);
  theirs.setData(DATA);
  // They take `false`, `0`, `""` and `null` for no input at all.
  const value = fc.oneof(fc.object(), fc.jsonValue()).map((input) => ({ input }));
  fc.assert(
    fc.property(value, (input) => {
      const text = JSON.stringify(input);
      if (!text.isWellFormed() || /\\ud[89a-f]/.test(text)) return;
      expect(JSON.parse(instance.evaluate(text))).toEqual(theirs.evaluate(input));
    }),
    { numRuns: 2000 },
  );
});

describe('input of any size', () => {
  const cases: Record<string, unknown> = {
    'a header of 1 MB': { headers: { big: ['x'.repeat(2 ** 20)] } },
    '1 MB that is 3 MB as UTF-8': { headers: { big: ['\u20ac'.repeat(2 ** 20)] } },
    '10,000 claims': { claims: Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`claim ${at}`, [at]])) },
    'NaN and infinities, which JSON has as null': { numbers: [Number.NaN, Number.POSITIVE_INFINITY] },
    'numbers at the ends': { numbers: [Number.MAX_VALUE, Number.MIN_VALUE, -0, 2 ** 53 + 2, 1_800_000_000_000e6] },
    'a claim called __proto__': JSON.parse('{"claims": {"__proto__": ["v"]}}'),
  };
  test.for(Object.entries(cases))('%s', async ([, input]) => {
    const instance = openInstance(await WebAssembly.compile(wasm.echo), DATA);
    const text = JSON.stringify(input);
    const [{ result }] = JSON.parse(instance.evaluate(text));
    expect(result).toEqual({ input: JSON.parse(text), data: DATA.kept });
    expect(JSON.parse(instance.evaluate('{}'))).toEqual([{ result: { input: {}, data: DATA.kept } }]);
  });
});

test('memory that a module grew while it evaluated is read and written like any other', async () => {
  const instance = openInstance(await WebAssembly.compile(wasm.grow), {});
  const listOf = (size: number) => JSON.stringify({ list: Array.from({ length: size }, (_, at) => at) });
  const sizes = [10, 100_000, 10, 200_000];
  const counted = sizes.map((size) => JSON.parse(instance.evaluate(listOf(size)))[0].result);
  expect(counted).toEqual(sizes);
});
