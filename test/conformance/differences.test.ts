import { describe, expect, test } from 'vitest';
import { type Case, readCases } from './cases.ts';
import { LATER, ON_PURPOSE } from './differences.ts';

const FILES = ['criteria', 'derived_edge_cases', 'parse', 'evaluate', 'headers', 'routing', 'outcome'];
const cases = readCases<Case>(...FILES.map((file) => `${file}.json`));

describe.skipIf(cases === null)('differences from Pomerium', () => {
  test('every listed case exists', () => {
    const ids = new Set((cases ?? []).map(({ id }) => id));
    expect([...Object.keys(ON_PURPOSE), ...Object.keys(LATER)].filter((id) => !ids.has(id))).toEqual([]);
  });

  test('no case is listed twice', () => {
    expect(Object.keys(LATER).filter((id) => ON_PURPOSE[id] !== undefined)).toEqual([]);
  });

  test.each(['evaluate', 'headers', 'routing'])('of %s.json, at most one case in ten is for later', (file) => {
    const ids = (readCases<Case>(`${file}.json`) ?? []).map(({ id }) => id);
    expect(ids.filter((id) => LATER[id] !== undefined).length).toBeLessThanOrEqual(ids.length / 10);
  });
});
