import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { loadPolicy } from '@open-policy-agent/opa-wasm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BehalfError } from '../../src/errors.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import { runBehalf } from '../support/run-behalf.ts';
import { capabilities } from './compile-rego.ts';

// `not` is compiled as it should be, or refused. Each form is therefore built and judged by both engines here, past the
// check: what it lets through must agree on every input, and what it refuses must be a real difference (or, marked so,
// one that somebody else's module could make of it).

const LIBRARY = {
  'routes.rego': `package routes

r1.ok := input.yes == true
r2.ok := true

r1.set contains "a"
r2.set contains x if some x in ["a", "b"]

r1.map := {"a": true, "b": false}
`,
  'lib.rego': `package lib

set contains x if some x in ["a", "b"]
map[k] := v if some k, v in {"a": true, "b": false}
tree[k].ok if some k in ["a"]
tree.z.ok := true

is_a(x) if x == "a"
same(x) := x
ok_of(id) if data.routes[id].ok
`,
};
const DATA = { base: { a: { ok: true }, b: { ok: false } } };
const INPUTS = [
  { id: 'r1', yes: true, key: 'a' },
  { id: 'r1', yes: false, key: 'b' },
  { id: 'r2', key: 'a' },
  { id: 'unknown', key: 'unknown' },
  { key: 'a' },
  {},
];

interface Form {
  /** A module without its package line, whose `r` is judged. */
  readonly rego: string;
  /** Line and column of every refusal; none where the form compiles. */
  readonly refused?: readonly string[];
  /** Refused although the engines agree on these inputs. */
  readonly agrees?: true;
}

const FORMS: Record<string, Form> = {
  'a dispatch': { rego: 'r if not data.routes[input.id].ok', refused: ['3:6'] },
  'its safe twin': { rego: 'default ok(_) := false\n\nok(id) if data.routes[id].ok\n\nr if ok(input.id) == false' },
  'a dispatch by a local': { rego: 'r if {\n\tid := input.id\n\tnot data.routes[id].ok\n}', refused: ['5:2'] },
  'a dispatch by a constant in a local': {
    rego: 'r if {\n\tid := "r1"\n\tnot data.routes[id].ok\n}',
    refused: ['5:2'],
  },
  'a dispatch by a value that is iterated': {
    rego: 'r if {\n\tsome id in ["r1", "r2"]\n\tnot data.routes[id].ok\n}',
    refused: ['5:2'],
  },
  'a dispatch by an import': { rego: 'import data.routes\n\nr if not routes[input.id].ok', refused: ['5:6'] },
  'a dispatch by an import of another name': {
    rego: 'import data.routes as x\n\nr if not x[input.id].ok',
    refused: ['5:6'],
  },
  "a dispatch by a function's argument": {
    rego: 'f(id) if not data.routes[id].ok\n\nr if f(input.id)',
    refused: ['3:10'],
  },
  'a dispatch by what a function gives': {
    rego: 'import data.lib\n\nr if not data.routes[lib.same(input.id)].ok',
    refused: ['5:6'],
  },
  'a dispatch as an operand': { rego: 'r if not data.routes[input.id].ok == true', refused: ['3:6'] },
  'a dispatch as the right operand': { rego: 'r if not input.key == data.routes[input.id].ok', refused: ['3:6'] },
  'a dispatch in every': {
    rego: 'r if {\n\tevery x in [1] {\n\t\tnot data.routes[input.id].ok\n\t\tx == 1\n\t}\n}',
    refused: ['5:3'],
  },
  'a dispatch in a comprehension in a head': {
    rego: 'r := [1 | not data.routes[input.id].ok]',
    refused: ['3:11'],
  },
  'a dispatch in an else': {
    rego: 'r := 1 if {\n\tinput.id == "none"\n} else := 2 if {\n\tnot data.routes[input.id].ok\n}',
    refused: ['6:2'],
  },
  'a dispatch under with': {
    rego: 'r if not data.routes[input.id].ok with input.yes as false',
    refused: ['3:6'],
  },
  'a dispatch beside or': {
    rego: 'import future.keywords.or\n\nr if {\n\t(not data.routes[input.id].ok or input.key == "c")\n}',
    refused: ['6:7'],
  },
  'two dispatches': {
    rego: 'r if {\n\tnot data.routes[input.id].ok\n\tnot data.routes[input.id].set.b\n}',
    refused: ['4:2', '5:2'],
  },
  'documents without rules, where a module may put some': {
    rego: 'r if not data.base[input.key].ok',
    refused: ['3:6'],
    agrees: true,
  },
  'walk that is matched': {
    rego: 'r if {\n\tkey := input.key\n\tnot walk({"a": 1}, [[key], 1])\n}',
    refused: ['5:2'],
  },
  'its twin with a count': {
    rego: 'r if {\n\tkey := input.key\n\tcount([1 | walk({"a": 1}, [[key], 1])]) == 0\n}',
  },
  "rego.v2's not, iterated": {
    rego: 'import future.keywords.not\n\nr contains x if {\n\tsome x in [1, 2]\n\tnot {\n\t\tsome y in [1]\n\t\ty == x\n\t}\n}',
    refused: ['7:2'],
  },
  "its twin with Rego v1's": {
    rego: 'r contains x if {\n\tsome x in [1, 2]\n\tnot f(x)\n}\n\nf(x) if {\n\tsome y in [1]\n\ty == x\n}',
  },
  'an element of a rule, which is a set': { rego: 'r if not data.lib.set[input.key]' },
  'an element of a rule, which is an object': { rego: 'r if not data.lib.map[input.key]' },
  'an element of a rule under a constant path': { rego: 'r if not data.routes.r1.map[input.key]' },
  'an element of a rule with a variable in its head': { rego: 'r if not data.lib.tree[input.key].ok' },
  membership: { rego: 'r if not input.key in data.lib.set' },
  'membership in what a dispatch gives': { rego: 'r if not input.key in data.routes[input.id].set' },
  'an index into a copy': { rego: 'r if {\n\troutes := data.routes\n\tnot routes[input.id].ok\n}' },
  'a key of what a dispatch gave': { rego: 'r if {\n\troute := data.routes[input.id]\n\tnot route.ok\n}' },
  'a constant path': { rego: 'r if not data.routes.r1.ok' },
  'a path to nothing': { rego: 'r if not data.base.nothing.at_all' },
  'a call': { rego: 'import data.lib\n\nr if not lib.is_a(input.key)' },
  'a call that dispatches': { rego: 'import data.lib\n\nr if not lib.ok_of(input.id)' },
  'a call on what a dispatch gives': { rego: 'import data.lib\n\nr if not lib.same(data.routes[input.id].ok)' },
  'nested calls': { rego: 'import data.lib\n\nr if not lib.is_a(lib.same(data.base[input.key].ok))' },
  'a function replaced by what a dispatch gives': {
    rego: 'import data.lib\n\nr if not lib.is_a(input.key) with lib.is_a as data.routes[input.id].ok',
  },
  'an input replaced by what a dispatch gives': {
    rego: 'import data.lib\n\nr if not lib.is_a(input.key) with input.key as data.routes[input.id].ok',
  },
  'a rule replaced': { rego: 'r if not data.lib.set[input.key] with data.lib.set as {"unknown"}' },
  'the number of what a dispatch yields': { rego: 'r if not count([1 | data.routes[input.id].ok]) == 1' },
  'a list of what a dispatch gives': { rego: 'r if not [data.routes[input.id].ok] == [true]' },
  'a template of what a dispatch gives': { rego: 'r if not $"{data.routes[input.id].ok}" == "true"' },
  input: { rego: 'r if not input.yes' },
};

const entries = Object.entries(FORMS);
const moduleOf = (index: number) => `package forms.f${index}\n\n${entries[index]?.[1].rego}\n`;

let folder: string;
let interpreted: readonly Record<string, { r?: unknown }>[];
let compiled: Awaited<ReturnType<typeof loadPolicy>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'behalf-negation-'));
  const modules = entries.map((_, index): [string, string] => [`f${index}.rego`, moduleOf(index)]);
  for (const [path, text] of [...Object.entries(LIBRARY), ...modules]) await writeFile(join(folder, path), text);
  await writeFile(join(folder, 'data.json'), JSON.stringify({ ...DATA, inputs: INPUTS }));

  const query = '[forms | some i in data.inputs; forms := data.forms with input as i]';
  const evaluated = await runBehalf(['opa', 'eval', '--bundle', '.', '--format', 'raw', query], { cwd: folder });
  interpreted = JSON.parse(evaluated.stdout);

  const entrypoints = entries.flatMap((_, index) => ['--entrypoint', `forms/f${index}/r`]);
  const built = await runBehalf(['opa', 'build', '--bundle', '.', '--target', 'wasm', ...entrypoints], { cwd: folder });
  expect(built).toMatchObject({ exitCode: 0, stderr: '' });
  const bundle = gunzipSync(await readFile(join(folder, 'bundle.tar.gz')));
  compiled = await loadPolicy(readFromTar(bundle, '/policy.wasm'));
  compiled.setData(DATA);
});

afterAll(() => rm(folder, { recursive: true }));

test.for(entries.map(([name, form], index) => ({ name, form, index })))('$name', async ({ form, index }) => {
  const inCompiled = INPUTS.map((input) => compiled.evaluate(input, `forms/f${index}/r`)[0]?.result);
  const inInterpreter = INPUTS.map((_, i) => interpreted[i]?.[`f${index}`]?.r);
  const agree = isDeepStrictEqual(inCompiled, inInterpreter);
  expect(agree, 'whether the engines agree').toBe(form.refused === undefined || form.agrees === true);

  const positions = await refusalsOf(index);
  expect(positions).toEqual(form.refused ?? []);
});

const compiler = startCompiler();
afterAll(() => compiler[Symbol.asyncDispose]());

/** `line:column` of each refusal of the form. */
async function refusalsOf(index: number): Promise<string[]> {
  const path = `f${index}.rego`;
  try {
    await compiler.compile({
      modules: { ...LIBRARY, [path]: moduleOf(index) },
      entrypoints: [`forms/f${index}/r`],
      // All of OPA's keywords, so that the check stands on its own.
      capabilities: JSON.stringify({ ...JSON.parse(capabilities), future_keywords: ['and', 'not', 'or'] }),
    });
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_COMPILE_FAILED' });
    return (error as BehalfError).problems.map(({ position, message }) => {
      expect(position.file).toBe(path);
      expect(message).toMatch(/WebAssembly.*Write /);
      return `${position.line}:${position.column}`;
    });
  }
}

/** A file of a tar archive: a header of 512 bytes, name and size in octal at its start, then the bytes in whole blocks. */
function readFromTar(tar: Buffer, name: string): Uint8Array {
  for (let at = 0; at < tar.length; ) {
    const field = (start: number, end: number) => tar.toString('latin1', at + start, at + end).split('\0')[0];
    const size = Number.parseInt(field(124, 136) ?? '', 8);
    if (field(0, 100) === name) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`${name} is not in the archive`);
}
