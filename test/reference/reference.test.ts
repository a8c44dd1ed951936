import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type PolicyReport, readPolicy } from '../../checks/read-policy.ts';
import { buildSchema } from '../../reference/build-schema.ts';
import { findCriterion } from '../../reference/find-criterion.ts';
import { type Builtin, writeBuiltins } from '../../reference/write-builtins.ts';
import { writeCriteria } from '../../reference/write-criteria.ts';
import { writeKeys } from '../../reference/write-keys.ts';
import { writePolicyReasons } from '../../reference/write-policy-reasons.ts';
import { writeReasons } from '../../reference/write-reasons.ts';
import { listCriteria } from '../../src/compile/criteria.ts';
import { LEVELS, type LevelOfKeys } from '../../src/config/levels.ts';
import { runBehalf } from '../support/run-behalf.ts';

const ROOT = join(import.meta.dirname, '../..');
const CRITERIA = listCriteria();

let report: PolicyReport;
let builtins: readonly Builtin[];

beforeAll(async () => {
  const [policy, { stdout }] = await Promise.all([
    readPolicy(['policy']),
    runBehalf(['opa', 'capabilities', '--current']),
  ]);
  report = policy;
  builtins = JSON.parse(stdout).builtins;
}, 600_000);

// `make reference` writes them anew.
describe('is current', () => {
  const pages: Record<string, () => string> = {
    'docs/reference/keys.md': writeKeys,
    'docs/reference/criteria.md': () => writeCriteria(CRITERIA, report),
    'docs/reference/reasons.md': () => writeReasons(CRITERIA, report),
    'src/pages/policy-reasons.ts': () => writePolicyReasons(report),
    'docs/reference/builtins.md': () => writeBuiltins(builtins, readCapabilities()),
    'schema/behalf.schema.json': () => {
      const schema = buildSchema(CRITERIA, (key) => findCriterion(key, report).description);
      return `${JSON.stringify(schema, null, 2)}\n`;
    },
  };
  test.each(Object.entries(pages))('%s', async (path, write) => {
    await expect(write()).toMatchFileSnapshot(join(ROOT, path));
  });
});

test('every criterion gives a reason', () => {
  const silent = CRITERIA.filter(({ key }) => findCriterion(key, report).codes.length === 0);
  expect(silent).toEqual([]);
});

test.each(Object.entries<LevelOfKeys>(LEVELS))('groups of "%s" name its keys alone', (_, { keys, ...level }) => {
  const named = [...level.required, ...level.exclusive].flat();
  expect(named.filter((key) => !Object.hasOwn(keys, key))).toEqual([]);
});

test.each(Object.entries<LevelOfKeys>(LEVELS))('descriptions of "%s" are sentences', (_, { descriptions }) => {
  expect(Object.values(descriptions).filter((text) => !/^[A-Z`].*[^.]\.$/.test(text))).toEqual([]);
});

function readCapabilities(): ReadonlySet<string> {
  const { builtins } = JSON.parse(readFileSync(join(ROOT, 'policy/capabilities.json'), 'utf8'));
  return new Set(builtins.map(({ name }: Builtin) => name));
}
