import type { Environment } from './apply-environment.ts';
import { type LoadedConfig, parseConfig } from './parse-config.ts';
import { MAX_FILE_BYTES } from './parse-yaml.ts';
import { collectProblems } from './problems.ts';
import { readText } from './read-text.ts';

/**
 * Reads a configuration file and the files that its `_file` keys name. Variables of `environment` win over its keys.
 *
 * @throws BehalfError ERR_CONFIG_INVALID with every problem, sorted by position
 */
export function loadConfig(file: string, environment: Environment = process.env): Promise<LoadedConfig> {
  return new Promise((fulfil) => fulfil(load(file, environment)));
}

function load(file: string, environment: Environment): LoadedConfig {
  const reading = readText(file, MAX_FILE_BYTES);
  if ('text' in reading) return parseConfig(reading.text, file, { environment });
  const problems = collectProblems();
  problems.error({ file, line: 1, column: 1 }, `cannot be read: ${reading.failure}`);
  return problems.finish<LoadedConfig>(undefined).result;
}
