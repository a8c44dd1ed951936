import { compilePolicy } from '../compile/compile-policy.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { type Problem, writeProblem } from '../errors.ts';
import { listLiveTokens } from '../identity/list-live-tokens.ts';
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

function warnOfAccounts({ file, stateDir, routes }: Config): readonly Problem[] {
  const names = new Set(routes.map(({ name }) => name));
  const messages = listLiveTokens(stateDir).flatMap(({ id, serves, carries }) => {
    const account = `service account ${JSON.stringify(id)}`;
    const made = [...serves, ...carries];
    if (made.length === 0) {
      return `${account} may carry any assertion that it gets hold of, of whatever route: make its token anew with --serves and --carries`;
    }
    const gone = made.filter((name) => !names.has(name));
    return gone.map(
      (name) =>
        `${account} was made for the route ${JSON.stringify(name)}, which this configuration does not have: what it brings for that route is refused (presenter); make its token anew, or name the route so again`,
    );
  });
  // An account may have several tokens.
  return [...new Set(messages)].map((message) => ({
    severity: 'warning',
    position: { file, line: 1, column: 1 },
    message,
  }));
}
