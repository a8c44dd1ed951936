import packageJson from '../package.json' with { type: 'json' };
import { BehalfError, writeProblem } from './errors.ts';

interface Command {
  /** What follows `behalf` on the command line. */
  readonly usage: string;
  /** A line for the help. */
  readonly summary: string;
  /** Resolves to what runs it, and that to the exit code. Loaded when asked for: no command waits for another's modules. */
  load(): Promise<(args: readonly string[]) => Promise<number>>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: {
    usage: 'serve [--config FILE]',
    summary: 'run the proxy; a line on stdout when it listens, SIGHUP reloads, SIGTERM drains',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  check: {
    usage: 'check [--config FILE]',
    summary: 'load and compile a configuration; every problem as file:line:column: message',
    load: async () => (await import('./commands/check.ts')).check,
  },
  rego: {
    usage: 'rego [--config FILE]',
    summary: "print the Rego that the routes' policies become, each line with its place in the YAML",
    load: async () => (await import('./commands/rego.ts')).rego,
  },
  decide: {
    usage: 'decide [--config FILE]',
    summary: 'JSON lines: input documents on stdin, decision documents on stdout',
    load: async () => (await import('./commands/decide.ts')).decide,
  },
  'service-account': {
    usage:
      'service-account create ID [--expires 90d] [--serves ROUTE]... [--carries ROUTE]... | list | revoke [ID] [--token JTI] [--config FILE]',
    summary: "make, list and end service accounts' tokens; create prints the token alone",
    load: async () => (await import('./commands/service-account.ts')).serviceAccount,
  },
  keys: {
    usage:
      'keys generate [--alg ES256|RS256|EdDSA] | rotate [--alg ALG] [--after 1h] [--revoke KID] | list [--config FILE]',
    summary: 'make signing keys, and change them while the proxy runs; generate prints the PEM alone',
    load: async () => (await import('./commands/keys.ts')).keys,
  },
  demo: {
    usage: 'demo [--once]',
    summary: 'App, API, API2, an identity provider and the proxy, on this machine',
    load: async () => (await import('./demo/demo.ts')).runDemo,
  },
  opa: {
    usage: 'opa ...',
    summary: "OPA's whole command line: test, fmt, check, eval, build, ...",
    load: async () => (await import('./opa/run-opa.ts')).runOpa,
  },
};

/**
 * Runs one command. Results go to stdout, errors to stderr.
 *
 * @returns the exit code: 0, 1 where the command failed, 2 for wrong usage
 */
export async function runCli([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(writeHelp());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === 'version') {
    process.stdout.write(`behalf ${packageJson.version}\n`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    process.stderr.write(`behalf: there is no command "${name}"\n\n${writeHelp()}`);
    return 2;
  }
  // OPA answers for itself.
  if (name !== 'opa' && (args.includes('--help') || args.includes('-h'))) {
    process.stdout.write(`usage: behalf ${command.usage}\n\n  ${command.summary}\n`);
    return 0;
  }
  try {
    return await (await command.load())(args);
  } catch (error) {
    return reportError(error, command);
  }
}

function reportError(error: unknown, command: Command): number {
  if (!(error instanceof BehalfError)) {
    throw error;
  }
  if (error.code === 'ERR_USAGE') {
    process.stderr.write(`behalf: ${error.message}\nusage: behalf ${command.usage}\n`);
    return 2;
  }
  const lines = error.problems.length > 0 ? error.problems.map(writeProblem) : [`behalf: ${error.message}`];
  process.stderr.write(`${lines.join('\n')}\n`);
  return 1;
}

function writeHelp(): string {
  const commands = Object.values(COMMANDS).map(({ usage, summary }) => `  behalf ${usage}\n      ${summary}`);
  return `Behalf ${packageJson.version}: an identity-aware proxy that knows on whose behalf a request is made\n\n${commands.join('\n')}\n`;
}
