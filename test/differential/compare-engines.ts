import { runInInterpreter } from './run-in-interpreter.ts';
import { runInWasm } from './run-in-wasm.ts';

export interface Comparison {
  /** Every case, by name. */
  readonly cases: readonly string[];
  /** Those that the interpreter fails. */
  readonly failures: readonly string[];
  /** Those that one engine passes alone. */
  readonly differences: readonly string[];
}

/** Runs every case of the Rego tests under a folder in OPA's interpreter and in WASM. */
export async function compareEngines(folder: string): Promise<Comparison> {
  const [interpreted, passedInWasm] = await Promise.all([runInInterpreter(folder), runInWasm(folder)]);
  const cases = [...interpreted.keys()].sort();
  const failures = cases.filter((name) => interpreted.get(name) === false);
  const passed = new Set(cases.filter((name) => interpreted.get(name) === true));
  const differences = [
    ...[...passed.difference(passedInWasm)].map((name) => `${name}: passes in the interpreter alone`),
    ...[...passedInWasm.difference(passed)].map((name) => `${name}: passes in WASM alone`),
  ];
  return { cases, failures, differences: differences.sort() };
}
