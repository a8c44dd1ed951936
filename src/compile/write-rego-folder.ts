import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readTextAsset } from '../assets.ts';
import { BehalfError } from '../errors.ts';
import { readLibrary } from './read-library.ts';
import { writeInputSchema } from './write-input-schema.ts';
import type { WrittenRego } from './write-rego.ts';

/** A folder that has it was written here, and nobody's work is lost with it. */
const MARK = '.behalf-rego';

/**
 * Writes all that policies in Rego are compiled with, for OPA's own tools: `bundle/` has the library, the generated
 * modules, Rego out of the configuration, and data; beside it are `capabilities.json` and `schema/`. A file of Rego with a
 * package line is left where it is. What an earlier call wrote goes. ERR_USAGE for a folder that holds anything else.
 */
export function writeRegoFolder(folder: string, written: WrittenRego): void {
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, MARK))) {
    throw new BehalfError(
      'ERR_USAGE',
      `${JSON.stringify(folder)} holds what "behalf rego" did not write: name another`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  const write = (path: string, text: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write(MARK, '');
  const { modules, capabilities } = readLibrary();
  for (const [path, text] of Object.entries({ ...modules, ...written.modules })) write(`bundle/${path}`, text);
  for (const [path, { text, package: name }] of Object.entries(written.authored)) {
    const isOnDisk = written.authoredSources[path]?.kind === 'file' && !name.startsWith('rego.');
    if (!isOnDisk) write(`bundle/${path}`, text);
  }
  for (const [root, document] of Object.entries(written.data)) {
    write(`bundle/${root}/data.json`, `${JSON.stringify(document, undefined, 2)}\n`);
  }
  write('capabilities.json', capabilities);
  write('schema/input.json', `${writeInputSchema()}\n`);
  write('schema/decision.json', readTextAsset('policy/schema/decision.json'));
}
