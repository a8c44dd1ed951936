import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { judgeCase } from '../../src/cases/judge-case.ts';
import { parseCases } from '../../src/cases/parse-cases.ts';
import { benchOf } from './bench-of.ts';

const read = (path: string) => readFile(new URL(`../../docs/${path}`, import.meta.url), 'utf8');

test("the page's cases load, and pass against the scenario", async () => {
  const [, example = ''] = /^```yaml\n(.*?)^```$/ms.exec(await read('testing.md')) ?? [];
  const bench = await benchOf(await read('scenario.yaml'));
  const judged = await Promise.all(parseCases(example, 'behalf.cases.yaml').map((each) => judgeCase(each, bench)));
  expect(judged.map(({ result }) => [result.name, result.outcome, result.note])).toEqual([
    ['people of the company open App', 'passed', ''],
    ['others do not', 'passed', ''],
    ['App calls API for alice', 'passed', ''],
    ['a forged user is not dropped silently', 'passed', ''],
  ]);
});
