import { describe, expect, test } from 'vitest';
import { type Case, readCases } from './cases.ts';
import { ON_PURPOSE } from './differences.ts';

const FILES = ['criteria', 'derived_edge_cases', 'parse', 'evaluate', 'headers', 'routing', 'outcome'];
const cases = readCases<Case>(...FILES.map((file) => `${file}.json`));

describe.skipIf(cases === null)('differences from Pomerium', () => {
  test('every listed case exists', () => {
    const ids = new Set((cases ?? []).map(({ id }) => id));
    expect(Object.keys(ON_PURPOSE).filter((id) => !ids.has(id))).toEqual([]);
  });
});
