import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadHost } from '../../src/engine/load-host.ts';
import { openInstance } from '../../src/engine/open-instance.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import { readRego } from './read-rego.ts';

const CAPABILITIES = join(import.meta.dirname, '../../policy/capabilities.json');

/**
 * Compiles the Rego under a folder with each of its tests as an entrypoint, and runs them all in WASM. Gives the cases
 * that pass, named as the interpreter's are: WebAssembly knows nothing of those that do not.
 */
export async function runInWasm(folder: string): Promise<ReadonlySet<string>> {
  const modules = await readRego(folder);
  const tests = Object.values(modules).flatMap(findTests);
  await using compiler = startCompiler();
  const capabilities = await readFile(CAPABILITIES, 'utf8');
  const wasm = await compiler.compile({ modules, entrypoints: tests, capabilities });
  const instance = openInstance(await WebAssembly.compile(wasm), {}, await loadHost());
  const run = (at: number) => JSON.parse(instance.evaluate('{}', at))[0]?.result;
  return new Set(tests.flatMap((test, at) => readPassed(test, run(at))));
}

function findTests(module: string): string[] {
  const [, path = ''] = /^package (\S+)/m.exec(module) ?? [];
  const names = [...module.matchAll(/^test_\w+/gm)].map(([name]) => name);
  return [...new Set(names)].map((name) => `${path.replaceAll('.', '/')}/${name}`);
}

/** A test is true where it passes, a table an object of the cases that do. */
function readPassed(test: string, result: unknown): string[] {
  if (result === true) return [test];
  return Object.keys(result ?? {}).map((name) => `${test}: ${name}`);
}
