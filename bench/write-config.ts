import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a configuration for a proxy on any port of loopback, with its state beside it; gives the file. */
export async function writeConfig(folder: string, keys: object): Promise<string> {
  const file = join(folder, 'behalf.yaml');
  const defaults = { address: '127.0.0.1:0', insecure_server: true, state_dir: join(folder, 'state') };
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ ...defaults, ...keys }));
  return file;
}
