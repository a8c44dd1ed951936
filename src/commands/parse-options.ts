import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { BehalfError } from '../errors.ts';

const CONFIG = { config: { type: 'string', default: 'behalf.yaml' } } as const;

/**
 * Parses a command's arguments; every command that reads a configuration takes `--config FILE`.
 *
 * @throws BehalfError ERR_USAGE for an unknown option, a missing value, or more than `words` words
 */
export function parseOptions<T extends ParseArgsOptionsConfig>(args: readonly string[], options: T, words = 0) {
  const parsed = parseOrUsage(() =>
    parseArgs({ args: [...args], options: { ...CONFIG, ...options }, allowPositionals: true, strict: true }),
  );
  if (parsed.positionals.length > words) {
    throw new BehalfError('ERR_USAGE', `unexpected argument "${parsed.positionals[words]}"`);
  }
  return parsed;
}

function parseOrUsage<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new BehalfError('ERR_USAGE', error instanceof Error ? error.message : String(error), { cause: error });
  }
}
