import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Every Rego file under a folder, tests included, by its path in that folder. */
export async function readRego(folder: string): Promise<Record<string, string>> {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.rego')).sort();
  const entries = paths.map(async (path) => [path.replaceAll(sep, '/'), await readFile(join(folder, path), 'utf8')]);
  return Object.fromEntries(await Promise.all(entries));
}
