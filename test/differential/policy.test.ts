import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareEngines } from './compare-engines.ts';
import { readRego } from './read-rego.ts';

const POLICY = join(import.meta.dirname, '../../policy');

// DESIGN, "The way of a configuration": `opa test` can be green while WASM, which serves, fails open.
test('every Rego case passes, in the interpreter and in WASM', async () => {
  const { cases, failures, differences } = await compareEngines(POLICY);

  expect(failures).toEqual([]);
  expect(differences).toEqual([]);

  const written = Object.values(await readRego(POLICY)).flatMap((module) => module.match(/^test_\w+/gm) ?? []);
  const ran = cases.map((name) => /\/(test_\w+)/.exec(name)?.[1]);
  expect(new Set(ran)).toEqual(new Set(written));
});
