import packageJson from '../package.json' with { type: 'json' };
import { COMMANDS, type Command } from './commands/commands.ts';
import { writeColumns } from './commands/write-columns.ts';
import { writeUsage } from './commands/write-usage.ts';
import { BehalfError, writeError } from './errors.ts';

/**
 * Runs one command. Results go to stdout, errors to stderr.
 *
 * @returns the exit code: 0, 1 where the command failed, 2 for wrong usage
 */
export async function runCli([name, ...args]: readonly string[]): Promise<number> {
  if (name === 'help' && args.length > 0) return runCli([...args, '--help']);
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
      process.stdout.write(writeCommandHelp(name, command));
      return 0;
    }
  }
  try {
    return await (await command.load())(args);
  } catch (error) {
    return reportError(error, name, command);
  }
}

/** Whoever reads the results may have enough of them, as in `behalf schema | head`. */
function passBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function reportError(error: unknown, name: string, command: Command): number {
  if (!(error instanceof BehalfError)) {
    throw error;
  }
  if (error.code === 'ERR_USAGE') {
    process.stderr.write(`${writeError(error)}\n${writeUsage(name, command)}`);
    return 2;
  }
  process.stderr.write(`${writeError(error)}\n`);
  return 1;
}

function writeHelp(): string {
  const summaries = Object.fromEntries(Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary]));
  return `Behalf ${packageJson.version}: an identity-aware proxy that knows on whose behalf a request is made

usage: behalf COMMAND ...

${writeColumns(summaries)}
behalf COMMAND --help tells of its options.
`;
}

function writeCommandHelp(name: string, command: Command): string {
  return `${writeUsage(name, command)}\n${command.summary}\n\n${writeColumns(command.options)}`;
}
