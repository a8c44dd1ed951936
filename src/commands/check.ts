import { compilePolicy } from '../compile/compile-policy.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { type Problem, writeProblem } from '../errors.ts';
import { findUnboundAccounts } from '../identity/find-unbound-accounts.ts';
import { startCompiler } from '../opa/start-compiler.ts';
import { parseOptions } from './parse-options.ts';

export async function check(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, {});
  const { config, warnings } = await loadConfig(values.config);
  await using compiler = startCompiler();
  const policy = await compilePolicy(config, compiler);
  for (const warning of [...warnings, ...policy.warnings, ...warnOfAccounts(config)]) {
    process.stderr.write(`${writeProblem(warning)}\n`);
  }
  const count = config.routes.length;
  process.stdout.write(`${config.file}: ok, ${count} ${count === 1 ? 'route' : 'routes'}\n`);
  return 0;
}

function warnOfAccounts({ file, stateDir }: Config): readonly Problem[] {
  return findUnboundAccounts(stateDir).map((id) => ({
    severity: 'warning',
    position: { file, line: 1, column: 1 },
    message: `service account "${id}" may carry any assertion that it gets hold of, of whatever route: make its token anew with --serves and --carries`,
  }));
}
