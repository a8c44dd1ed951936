import { compilePolicy } from '../compile/compile-policy.ts';
import type { PolicyCache } from '../compile/open-policy-cache.ts';
import { loadConfig } from '../config/load-config.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { createExplainer } from '../explain/create-explainer.ts';
import { writeExplanationRego } from '../explain/write-explanation-rego.ts';
import type { Compiler } from '../opa/start-compiler.ts';
import type { TestFiles } from './find-test-files.ts';
import { judgeCase } from './judge-case.ts';
import { loadCases } from './load-cases.ts';
import { type CoveredLine, measureCoverage } from './measure-coverage.ts';
import type { Result } from './result.ts';
import { runRegoTests } from './run-rego-tests.ts';

export interface TestRun {
  readonly results: readonly Result[];
  /** Of the criteria, by the cases in YAML; null where it was not asked for. */
  readonly coverage: readonly CoveredLine[] | null;
}

/**
 * Runs cases and tests in Rego against a configuration, through the WASM that would serve.
 *
 * @throws BehalfError ERR_CONFIG_INVALID, ERR_COMPILE_FAILED, ERR_OPA_FAILED, ERR_ENGINE_FAILED
 */
export async function runTests(
  configFile: string,
  files: TestFiles,
  measures: boolean,
  compiler: Compiler,
  cache: PolicyCache | null,
): Promise<TestRun> {
  const { config } = await loadConfig(configFile);
  const cases = loadCases(files.cases);
  const rego = await runRegoTests(config, files.rego, compiler);
  // A compile takes most of the time.
  if (cases.length === 0 && !measures) return { results: rego, coverage: null };
  const policy = await compilePolicy(config, compiler, cache, measures ? writeExplanationRego : undefined);
  const engine = await loadEngine(policy);
  const bench = { config, engine, headerTexts: policy.headerTexts };
  const judged = [];
  for (const each of cases) judged.push(await judgeCase(each, bench));
  const inputs = judged.flatMap(({ request }) => (request === null ? [] : [request.input]));
  return {
    results: [...judged.map(({ result }) => result), ...rego],
    coverage: measures ? measureCoverage(config, inputs, createExplainer(config, engine)) : null,
  };
}
