import { createInterface } from 'node:readline/promises';
import { compilePolicy } from '../compile/compile-policy.ts';
import { loadConfig } from '../config/load-config.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { parseInput } from '../engine/parse-input.ts';
import { BehalfError } from '../errors.ts';
import { startCompiler } from '../opa/start-compiler.ts';
import { parseOptions } from './parse-options.ts';

export async function decide(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, {});
  const { config } = await loadConfig(values.config);
  await using compiler = startCompiler();
  const engine = await loadEngine(await compilePolicy(config, compiler));
  let exitCode = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') {
      continue;
    }
    try {
      const input = parseInput(JSON.parse(line), config.routes);
      process.stdout.write(`${JSON.stringify(engine.decide(input))}\n`);
    } catch (error) {
      if (!(error instanceof BehalfError || error instanceof SyntaxError)) {
        throw error;
      }
      process.stdout.write(`${JSON.stringify({ error: error.message })}\n`);
      exitCode = 1;
    }
  }
  return exitCode;
}
