import { compilePolicy } from '../compile/compile-policy.ts';
import { readLibrary } from '../compile/read-library.ts';
import { writeRego } from '../compile/write-rego.ts';
import type { Config } from '../config/config.ts';
import { MAX_FILE_BYTES } from '../config/parse-yaml.ts';
import { readText } from '../config/read-text.ts';
import { type Engine, loadEngine } from '../engine/load-engine.ts';
import { parseInput } from '../engine/parse-input.ts';
import { BehalfError } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import type { Compiler } from '../opa/start-compiler.ts';
import { findRegoTests, type RegoTest } from './find-rego-tests.ts';
import { listTableCases, type Sources } from './list-table-cases.ts';
import type { Result } from './result.ts';

/**
 * Runs the tests of Rego files in WASM, with the library and all Rego of the configuration: a `test_` rule passes where it
 * is true, and a table, `test_name[case]`, for each case that is. The input is an empty document unless a test says
 * `with input as`.
 *
 * @throws BehalfError ERR_CONFIG_INVALID, ERR_COMPILE_FAILED, ERR_OPA_FAILED, ERR_ENGINE_FAILED
 */
export async function runRegoTests(
  config: Config,
  files: readonly string[],
  compiler: Compiler,
): Promise<readonly Result[]> {
  if (files.length === 0) return [];
  const modules = Object.fromEntries(files.map((file) => [file, readModule(file)]));
  const all = Object.entries(modules).flatMap(([file, text]) => findRegoTests(text, file));
  const tests = all.filter(({ isToDo }) => !isToDo);
  const entrypoints = [...new Set(tests.map(({ entrypoint }) => entrypoint))];
  const policy = await compilePolicy(config, compiler, null, () => ({ modules, entrypoints }));
  const engine = await loadEngine({ wasm: policy.wasm, data: policy.data });

  const found = tests.map((test) => ({ test, ...query(engine, entrypoints.indexOf(test.entrypoint) + 1) }));
  const tables = found.some(({ value }) => isRecord(value))
    ? await listTableCases(listSources(config, modules))
    : new Map<string, readonly (readonly string[])[]>();
  return [
    ...found.flatMap(({ test, value, error }) => readResults(test, value, error, tables.get(test.entrypoint) ?? [])),
    ...all.filter(({ isToDo }) => isToDo).map((test) => resultOf(test, [], 'skipped')),
  ];
}

function readModule(file: string): string {
  const reading = readText(file, MAX_FILE_BYTES);
  if ('text' in reading) return reading.text;
  const message = `cannot be read: ${reading.failure}`;
  const problems = [{ severity: 'error', position: { file, line: 1, column: 1 }, message }] as const;
  throw new BehalfError('ERR_CONFIG_INVALID', `${file}: ${message}`, { problems });
}

/** Entrypoint 0 is the decision. */
function query(engine: Engine, entrypoint: number): { value: unknown; error: string } {
  try {
    return { value: engine.query(entrypoint, parseInput({}, [])), error: '' };
  } catch (error) {
    if (!(error instanceof BehalfError)) throw error;
    return { value: undefined, error: error.message };
  }
}

function readResults(test: RegoTest, value: unknown, error: string, cases: readonly (readonly string[])[]): Result[] {
  if (!isRecord(value)) return [resultOf(test, [], value === true ? 'passed' : 'failed', error)];
  return cases.map((names) => {
    const found = names.reduce<unknown>((within, name) => (isRecord(within) ? within[name] : undefined), value);
    return resultOf(test, names, found === true ? 'passed' : 'failed');
  });
}

function resultOf(
  { name, position, isToDo }: RegoTest,
  cases: readonly string[],
  outcome: Result['outcome'],
  error = '',
): Result {
  const why = error === '' ? 'it is false or undefined in WASM' : error;
  const note = outcome === 'failed' ? why : isToDo ? 'a test to do' : '';
  return { name: [name, ...cases].join(': '), position, outcome, note, mismatches: [] };
}

function listSources(config: Config, tests: Readonly<Record<string, string>>): Sources {
  const { modules, authored, data } = writeRego(config);
  const texts = Object.entries({ ...readLibrary().modules, ...modules, ...tests });
  const written = Object.fromEntries(texts.map(([path, text]) => [path, { text, version: 'v1' } as const]));
  return { modules: { ...written, ...authored }, data };
}
