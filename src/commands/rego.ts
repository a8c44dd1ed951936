import { printRego } from '../compile/print-rego.ts';
import { writeRego } from '../compile/write-rego.ts';
import { writeRegoFolder } from '../compile/write-rego-folder.ts';
import { loadConfig } from '../config/load-config.ts';
import { parseOptions } from './parse-options.ts';

export async function rego(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, { out: { type: 'string' } });
  const { config } = await loadConfig(values.config);
  const written = writeRego(config);
  if (values.out === undefined) process.stdout.write(printRego(written));
  else writeRegoFolder(values.out, written);
  return 0;
}
