import { compilePolicy } from '../compile/compile-policy.ts';
import { loadConfig } from '../config/load-config.ts';
import { writeProblem } from '../errors.ts';
import { startCompiler } from '../opa/start-compiler.ts';
import { parseOptions } from './parse-options.ts';

export async function check(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, {});
  const { config, warnings } = await loadConfig(values.config);
  await using compiler = startCompiler();
  const policy = await compilePolicy(config, compiler);
  for (const warning of [...warnings, ...policy.warnings]) {
    process.stderr.write(`${writeProblem(warning)}\n`);
  }
  const count = config.routes.length;
  process.stdout.write(`${config.file}: ok, ${count} ${count === 1 ? 'route' : 'routes'}\n`);
  return 0;
}
