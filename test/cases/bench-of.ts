import type { Bench } from '../../src/cases/judge-case.ts';
import { compilePolicy } from '../../src/compile/compile-policy.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';

/** What cases are judged by, for the text of a configuration. */
export async function benchOf(text: string): Promise<Bench> {
  const { config } = parseConfig(text, 'behalf.yaml');
  await using compiler = startCompiler();
  const policy = await compilePolicy(config, compiler);
  return { config, engine: await loadEngine(policy), headerTexts: policy.headerTexts };
}
