import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { loadHost } from '../../src/engine/load-host.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import type { OpaCase } from './read-cases.ts';
import { type Outcome, runCase } from './run-case.ts';

const CAPABILITIES = join(import.meta.dirname, '../../policy/capabilities.json');

export type Result = Outcome & { readonly opaCase: OpaCase };

/** Runs OPA's cases with a compiler for each processor; results come in any order. */
export async function runCases(cases: readonly OpaCase[]): Promise<Result[]> {
  const capabilities = readFileSync(CAPABILITIES, 'utf8');
  const host = await loadHost();
  const left = cases.values();
  const results: Result[] = [];
  const work = async () => {
    await using compiler = startCompiler();
    for (const opaCase of left) {
      results.push({ ...(await runCase(opaCase, { compile: compiler.compile, capabilities, host })), opaCase });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}
