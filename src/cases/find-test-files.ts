import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BehalfError } from '../errors.ts';

export interface TestFiles {
  /** YAML. */
  readonly cases: readonly string[];
  readonly rego: readonly string[];
  /** Where a file may come, go or change. */
  readonly folders: readonly string[];
}

const CASES = /\.cases\.ya?ml$/;
const REGO = /_test\.rego$/;

/**
 * Finds `*.cases.yaml` and `*_test.rego` in folders and all within them but hidden ones and node_modules; a file that is
 * named itself may be called as it likes. Paths begin as they were given.
 *
 * @throws BehalfError ERR_USAGE for what is not there, and where nothing is found
 */
export function findTestFiles(paths: readonly string[]): TestFiles {
  const found = paths.flatMap(find);
  const files = found.filter(({ isFolder }) => !isFolder).map(({ path }) => path);
  const isRego = (path: string) => path.endsWith('.rego');
  if (files.length === 0) {
    throw new BehalfError('ERR_USAGE', `no *.cases.yaml and no *_test.rego in ${paths.join(', ')}`);
  }
  return {
    cases: unique(files.filter((path) => !isRego(path))),
    rego: unique(files.filter(isRego)),
    folders: unique(found.filter(({ isFolder }) => isFolder).map(({ path }) => path)),
  };
}

interface Found {
  readonly path: string;
  readonly isFolder: boolean;
}

function find(path: string): Found[] {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (cause) {
    throw new BehalfError('ERR_USAGE', (cause as Error).message, { cause });
  }
  return isFolder ? findWithin(path) : [{ path, isFolder }];
}

function findWithin(folder: string): Found[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
  const files = entries
    .filter((entry) => entry.isFile() && (CASES.test(entry.name) || REGO.test(entry.name)))
    .map(({ name }) => ({ path: join(folder, name), isFolder: false }));
  return [
    { path: folder, isFolder: true },
    ...files,
    ...entries.filter(isSearched).flatMap(({ name }) => findWithin(join(folder, name))),
  ];
}

/** Links are not followed: they may lead round in a circle. */
function isSearched(entry: Dirent): boolean {
  return entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules';
}

function unique(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)];
}
