import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

const LIBRARY = join(import.meta.dirname, '../../policy');

export interface Library {
  /** Rego by its path in the repository, without the tests. */
  readonly modules: Readonly<Record<string, string>>;
  /** The text of OPA's capabilities document: what works in WASM here. */
  readonly capabilities: string;
}

/** Loads the policy library, which every configuration is compiled with. */
export async function readLibrary(): Promise<Library> {
  const paths = (await readdir(LIBRARY, { recursive: true }))
    .filter((path) => path.endsWith('.rego') && !path.endsWith('_test.rego'))
    .sort();
  const read = (path: string) => readFile(join(LIBRARY, path), 'utf8');
  const texts = await Promise.all(paths.map(read));
  return {
    modules: Object.fromEntries(paths.map((path, at) => [`policy/${path.replaceAll(sep, '/')}`, texts[at] ?? ''])),
    capabilities: await read('capabilities.json'),
  };
}
