import { readTextAsset } from '../assets.ts';
import { BehalfError } from '../errors.ts';

const FILES: ReadonlyMap<string, string> = new Map([
  ['config', 'schema/behalf.schema.json'],
  ['input', 'policy/schema/input.json'],
  ['decision', 'policy/schema/decision.json'],
]);

/** Prints a JSON Schema: of the configuration, of input documents or of decision documents. */
// biome-ignore lint/suspicious/useAwait: so that wrong usage rejects it
export async function schema([name = 'config', ...others]: readonly string[]): Promise<number> {
  const file = FILES.get(name);
  const unexpected = file === undefined ? name : others[0];
  if (file === undefined || unexpected !== undefined) {
    throw new BehalfError('ERR_USAGE', `unexpected argument "${unexpected}"`);
  }
  process.stdout.write(readTextAsset(file));
  return 0;
}
