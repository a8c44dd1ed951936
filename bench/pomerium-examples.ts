import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { writeRego } from '../src/compile/write-rego.ts';
import { parsePolicyText } from '../src/config/parse-policy-text.ts';
import { BehalfError } from '../src/errors.ts';
import { configOf } from '../test/compile/config-of.ts';

/**
 * `node bench/pomerium-examples.ts FOLDER`: every policy of the YAML blocks in a clone of pomerium/documentation, loaded and
 * written as Rego; prints how many are, and why each other one is refused. The clone is not ours to keep here.
 */
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new TypeError('usage: node bench/pomerium-examples.ts FOLDER');

const refused: string[] = [];
let loaded = 0;
for await (const file of glob('**/*.{md,mdx}', { cwd: folder })) {
  const text = await readFile(join(folder, file), 'utf8');
  for (const [, , block = ''] of text.matchAll(/^([ \t]*)```ya?ml[^\n]*\n(.*?)^[ \t]*```/gms)) {
    if (!/^\s*(?:- )?(?:allow|deny):/m.test(block)) continue;
    for (const fault of findFaults(block)) {
      if (fault === null) loaded++;
      else refused.push(`${file}: ${fault}`);
    }
  }
}
process.stdout.write(`${loaded} load, ${refused.length} are refused\n${refused.map((why) => `  ${why}\n`).join('')}`);

/** Of each policy in a block, why it is refused; null where it is not. */
function findFaults(block: string): (string | null)[] {
  try {
    const documents = [...parseAllDocuments(block, { uniqueKeys: false })];
    for (const error of documents.flatMap(({ errors }) => errors)) throw error;
    return documents
      .map((document) => document.toJS())
      .flatMap(findPolicies)
      .map(findFault);
  } catch (error) {
    return [`no YAML: ${String(error).split('\n')[0]}`];
  }
}

/** Every map with `allow` or `deny`, wherever it stands. */
function findPolicies(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(findPolicies);
  if (typeof value !== 'object' || value === null) return [];
  const { allow, deny } = value as Record<string, unknown>;
  const isPolicy = [allow, deny].some((side) => typeof side === 'object');
  return isPolicy ? [value] : Object.values(value).flatMap(findPolicies);
}

function findFault(policy: unknown): string | null {
  try {
    writeRego(configOf({ r0: parsePolicyText(JSON.stringify(policy), 'example') }));
    return null;
  } catch (error) {
    if (!(error instanceof BehalfError)) throw error;
    return error.problems.map(({ message }) => message).join('; ');
  }
}
