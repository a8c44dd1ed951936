import packageJson from '../package.json' with { type: 'json' };
import { BehalfError, writeError } from './errors.ts';

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
    usage: 'rego [--config FILE] [--out FOLDER]',
    summary:
      "print the Rego that the routes' policies become, each line with its place in the YAML; or write a folder for OPA's tools",
    load: async () => (await import('./commands/rego.ts')).rego,
  },
  decide: {
    usage: 'decide [--config FILE]',
    summary: 'JSON lines: input documents on stdin, decision documents on stdout',
    load: async () => (await import('./commands/decide.ts')).decide,
  },
  replay: {
    usage: 'replay OLD.yaml NEW.yaml LOG... [--json]',
    summary:
      'judge the decisions of a decision log by two configurations, and list what flips; exit 1 where something may',
    load: async () => (await import('./commands/replay.ts')).replay,
  },
  explain: {
    usage:
      "explain [METHOD] URL [--as EMAIL_OR_ID | --as-service-account ID] [--for EMAIL_OR_ID | --for-service-account ID | --for-error ERROR] [--id ID] [--group NAME]... [--claim NAME=TEXT]... [--header 'NAME: VALUE']... [--ip IP] [--at TIME] [--json] [--config FILE] | --line FILE [--request-id ID]",
    summary: 'judge one request criterion by criterion: what decided, which headers, what would have to change',
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  test: {
    usage: 'test [--config FILE] [PATH...] [--coverage] [--threshold PERCENT] [--junit FILE] [--watch]',
    summary: 'run cases (*.cases.yaml) and tests in Rego (*_test.rego) against a configuration',
    load: async () => (await import('./commands/test.ts')).test,
  },
  schema: {
    usage: 'schema [config | input | decision]',
    summary:
      'print the JSON Schema of the configuration, for editors, or of one of the documents that Rego reads and gives',
    load: async () => (await import('./commands/schema.ts')).schema,
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
  // OPA answers for itself, and writes past Node's streams, which would make their pipes lose what they cannot take at once.
  if (name !== 'opa') {
    process.stdout.on('error', passBrokenPipe);
    if (args.includes('--help') || args.includes('-h')) {
      process.stdout.write(`usage: behalf ${command.usage}\n\n  ${command.summary}\n`);
      return 0;
    }
  }
  try {
    return await (await command.load())(args);
  } catch (error) {
    return reportError(error, command);
  }
}

/** Whoever reads the results may have enough of them, as in `behalf schema | head`. */
function passBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function reportError(error: unknown, command: Command): number {
  if (!(error instanceof BehalfError)) {
    throw error;
  }
  if (error.code === 'ERR_USAGE') {
    process.stderr.write(`${writeError(error)}\nusage: behalf ${command.usage}\n`);
    return 2;
  }
  process.stderr.write(`${writeError(error)}\n`);
  return 1;
}

function writeHelp(): string {
  const commands = Object.values(COMMANDS).map(({ usage, summary }) => `  behalf ${usage}\n      ${summary}`);
  return `Behalf ${packageJson.version}: an identity-aware proxy that knows on whose behalf a request is made\n\n${commands.join('\n')}\n`;
}
