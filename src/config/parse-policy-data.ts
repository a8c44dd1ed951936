import { dirname, join, resolve } from 'node:path';
import type { Config, LocatedEntry, PolicyDocument } from './config.ts';
import { describe } from './describe.ts';
import type { Context, Kind } from './kinds.ts';
import { MAX_FILE_BYTES, parseYaml } from './parse-yaml.ts';
import { plainValue } from './plain-value.ts';
import { RESERVED_ROOTS } from './policy-roots.ts';
import { quote } from './quote.ts';

const TYPE = 'a map from names to paths of YAML or JSON files';
const ROOT = /^[A-Za-z_]\w*$/;

/** Files that Rego reads as `data.NAME`. */
export const policyData: Kind<Config['data']> = {
  type: TYPE,
  shape: 'other',
  schema: {
    type: 'object',
    propertyNames: { pattern: ROOT.source, not: { enum: [...RESERVED_ROOTS] } },
    additionalProperties: { type: 'string', minLength: 1 },
  },
  parse(map, context) {
    if (map.kind !== 'map') {
      return context.problems.error(map.position, `${context.subject} must be ${TYPE}; found ${describe(map, true)}`);
    }
    const documents = map.entries.flatMap((entry) => {
      const document = parseDocument(entry, context);
      return document === undefined ? [] : [[entry.key, document] as const];
    });
    return documents.length === map.entries.length ? Object.fromEntries(documents) : undefined;
  },
};

function parseDocument({ key, keyPosition, value }: LocatedEntry, context: Context): PolicyDocument | undefined {
  const { subject, problems, folder, read } = context;
  if (!ROOT.test(key)) return problems.error(keyPosition, `${subject} takes names of letters, digits and "_"`);
  if (RESERVED_ROOTS.has(key))
    return problems.error(keyPosition, `${subject} must not have ${quote(key)}, which is Behalf's own`);
  const { position } = value;
  if (value.kind !== 'scalar' || typeof value.value !== 'string' || value.value === '') {
    return problems.error(position, `${subject} must be ${TYPE}; found ${describe(value, true)}`);
  }
  const path = value.value;
  const reading = read(resolve(folder, path), MAX_FILE_BYTES);
  if ('failure' in reading) {
    return problems.error(position, `${subject} cannot be read from ${quote(path)}: ${reading.failure}`);
  }
  if (reading.isWritable) problems.warning(position, `${subject} names a file that other users may write`);
  const file = resolve(path) === path ? path : join(dirname(position.file), path);
  const tree = parseYaml(reading.text, file, problems);
  return tree && { value: plainValue(tree), position: keyPosition };
}
