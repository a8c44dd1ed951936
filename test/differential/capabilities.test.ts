import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BehalfError } from '../../src/errors.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import { runBehalf } from '../support/run-behalf.ts';
import { readHostBuiltins } from './read-host-builtins.ts';

const CAPABILITIES = join(import.meta.dirname, '../../policy/capabilities.json');

interface Builtin {
  readonly name: string;
  readonly decl: { readonly args?: readonly unknown[]; readonly variadic?: unknown };
}

/** Parts of the language that work in WASM: the `not` of `rego_v2` does not (see src/opa/go/negation.go). */
const FEATURES = ['keywords_in_refs', 'rego_v1', 'template_strings'];

/** One builtin a line, so that a change shows as such, and without the documentation. */
function writeCapabilities(builtins: readonly Builtin[]): string {
  const dropped = new Set(['description', 'categories']);
  const lines = builtins.map(
    (builtin) => `    ${JSON.stringify(builtin, (key, value) => (dropped.has(key) ? undefined : value))}`,
  );
  const features = FEATURES.map((feature) => JSON.stringify(feature)).join(', ');
  return `{\n  "features": [${features}],\n  "allow_net": [],\n  "builtins": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

/** A module that calls each builtin on its own line, the first on the third. */
function writeCalls(builtins: readonly Builtin[]): string {
  const rules = builtins.map(({ name, decl }, at) => {
    const count = decl.args?.length ?? (decl.variadic ? 1 : 0);
    const operands = Array.from({ length: count }, (_, operand) => `input[${operand}]`).join(', ');
    // Assignment alone is not written as a call.
    return `r${at} if ${name === 'assign' ? '{ x := input; x }' : `${name}(${operands})`}`;
  });
  return `package calls\n\n${rules.join('\n')}\n`;
}

test('policy/capabilities.json lists every builtin that WASM has by itself, and no other', async () => {
  const { stdout } = await runBehalf(['opa', 'capabilities', '--current']);
  const all: Builtin[] = JSON.parse(stdout).builtins;
  await using compiler = startCompiler();
  const compile = (builtins: readonly Builtin[], capabilities: string) =>
    compiler.compile({
      modules: { 'calls.rego': writeCalls(builtins) },
      entrypoints: builtins.map((_, at) => `calls/r${at}`),
      capabilities,
    });

  const refusal = await compile(all, stdout).catch((error: unknown) => error);
  if (!(refusal instanceof BehalfError)) throw new Error('OPA has no deprecated builtins any more', { cause: refusal });
  expect(refusal.problems.map(({ message }) => message)).toEqual(
    refusal.problems.map(() => expect.stringMatching(/^deprecated built-in function calls in expression: /)),
  );
  const deprecated = new Set(refusal.problems.map(({ position }) => all[position.line - 3]));
  const current = all.filter((builtin) => !deprecated.has(builtin));
  const ofHost = await readHostBuiltins(await compile(current, stdout));
  const ofWasm = current.filter(({ name }) => !ofHost.includes(name));

  const capabilities = writeCapabilities(ofWasm);
  await expect(readHostBuiltins(await compile(ofWasm, capabilities))).resolves.toEqual([]);
  // `vitest run -u` writes the file anew.
  await expect(capabilities).toMatchFileSnapshot(CAPABILITIES);
});
