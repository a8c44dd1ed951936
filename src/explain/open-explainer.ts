import { compilePolicy } from '../compile/compile-policy.ts';
import type { Config } from '../config/config.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { startCompiler } from '../opa/start-compiler.ts';
import { createExplainer, type Explainer } from './create-explainer.ts';
import { writeExplanationRego } from './write-explanation-rego.ts';

export interface OpenedExplainer extends Explainer {
  /** Texts of the configuration that decisions name by number. */
  readonly headerTexts: readonly string[];
}

/**
 * Compiles a configuration so that it says why.
 *
 * @throws BehalfError as `compilePolicy` and `loadEngine`
 */
export async function openExplainer(config: Config): Promise<OpenedExplainer> {
  await using compiler = startCompiler();
  const policy = await compilePolicy(config, compiler, null, writeExplanationRego);
  return { ...createExplainer(config, await loadEngine(policy)), headerTexts: policy.headerTexts };
}
