import { dirname, resolve } from 'node:path';
import type { Policy } from './config.ts';
import { parsePolicy } from './parse-policy.ts';
import { parseYaml } from './parse-yaml.ts';
import { collectProblems } from './problems.ts';
import { readText } from './read-text.ts';

/**
 * Reads a policy that stands alone, as YAML or JSON; `file` is what positions name.
 *
 * @throws BehalfError ERR_CONFIG_INVALID
 */
export function parsePolicyText(text: string, file: string): Policy {
  const problems = collectProblems();
  const tree = parseYaml(text, file, problems);
  return problems.finish(tree && parsePolicy(tree, { problems, folder: dirname(resolve(file)), read: readText }))
    .result;
}
