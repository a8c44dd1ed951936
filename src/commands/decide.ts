import { compilePolicy } from '../compile/compile-policy.ts';
import { loadConfig } from '../config/load-config.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { parseInput } from '../engine/parse-input.ts';
import { BehalfError } from '../errors.ts';
import { escapeControls } from '../escape-controls.ts';
import { startCompiler } from '../opa/start-compiler.ts';
import { readLines } from '../replay/read-lines.ts';
import { parseOptions } from './parse-options.ts';

export async function decide(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, {});
  const { config } = await loadConfig(values.config);
  await using compiler = startCompiler();
  const engine = await loadEngine(await compilePolicy(config, compiler));
  let exitCode = 0;
  const print = (result: object) => process.stdout.write(`${escapeControls(JSON.stringify(result))}\n`);
  for await (const { text } of readLines('-')) {
    try {
      if (text === null) throw new BehalfError('ERR_INPUT_INVALID', 'the line is longer than 1 MiB');
      print(engine.decide(parseInput(JSON.parse(text), config.routes)));
    } catch (error) {
      if (!(error instanceof BehalfError || error instanceof SyntaxError)) {
        throw error;
      }
      print({ error: error.message });
      exitCode = 1;
    }
  }
  return exitCode;
}
