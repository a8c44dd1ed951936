import { printRego } from '../compile/print-rego.ts';
import { writeRego } from '../compile/write-rego.ts';
import { loadConfig } from '../config/load-config.ts';
import { parseOptions } from './parse-options.ts';

export async function rego(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, {});
  const { config } = await loadConfig(values.config);
  process.stdout.write(printRego(writeRego(config)));
  return 0;
}
