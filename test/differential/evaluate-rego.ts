import { join } from 'node:path';
import { runBehalf } from '../support/run-behalf.ts';

const POLICY = join(import.meta.dirname, '../../policy');

/** What OPA's interpreter makes of a query over policy/, tests included; `data` are further files or folders. */
export async function evaluateRego(query: string, data: readonly string[] = []): Promise<unknown> {
  const sources = [POLICY, ...data].flatMap((source) => ['--data', source]);
  const ignored = ['--ignore', 'schema', '--ignore', 'capabilities.json'];
  const { stdout, stderr } = await runBehalf(['opa', 'eval', ...sources, ...ignored, '--format', 'json', query]);
  const { result } = JSON.parse(stdout === '' ? '{}' : stdout);
  if (result === undefined) throw new Error(stderr || stdout);
  return result[0].expressions[0].value;
}
