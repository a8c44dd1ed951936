import { expect, test } from 'vitest';
import type { Result } from '../../src/cases/result.ts';
import { writeCoverage } from '../../src/cases/write-coverage.ts';
import { writeJunit } from '../../src/cases/write-junit.ts';
import { writeResults } from '../../src/cases/write-results.ts';

const at = (line: number, file = 'a.cases.yaml') => ({ file, line, column: 3 });
const RESULTS: readonly Result[] = [
  { name: 'good', position: at(1), outcome: 'passed', note: '', mismatches: [] },
  {
    name: 'bad <&"\u0007\n\u202e',
    position: at(2),
    outcome: 'failed',
    note: 'GET /\u001b[2J',
    mismatches: [
      { subject: 'reasons', position: at(3), expected: ['domain-ok', 'user-ok'], found: ['user-ok', 'x\ud800'] },
    ],
  },
  { name: 'test_later', position: at(4, 'b_test.rego'), outcome: 'skipped', note: 'why', mismatches: [] },
];

test('results for people: a difference line by line, and nothing that moves a cursor', () =>
  expect(writeResults(RESULTS, false)).toBe(`failed a.cases.yaml:2:3: bad <&"\\u0007\\n\\u202e
    GET /\\u001b[2J
    reasons (a.cases.yaml:3:3)
        user-ok
      - domain-ok
      + x\ud800

skipped b_test.rego:4:3: test_later: why
1 passed, 1 failed, 1 skipped
`));

test('colours change nothing else', () => {
  const coloured = writeResults(RESULTS, true);
  expect(coloured).not.toBe(writeResults(RESULTS, false));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what colours are made of
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(writeResults(RESULTS, false));
});

test("results as JUnit's XML", () =>
  expect(writeJunit(RESULTS)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="behalf" tests="3" failures="1" errors="0" skipped="1">
  <testsuite name="a.cases.yaml" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="a.cases.yaml" name="good" file="a.cases.yaml" line="1"/>
    <testcase classname="a.cases.yaml" name="bad &lt;&amp;&quot;\ufffd&#10;\u202e" file="a.cases.yaml" line="2"><failure message="GET /\ufffd[2J">reasons (a.cases.yaml:3:3)&#10;    user-ok&#10;  - domain-ok&#10;  + x\ufffd</failure></testcase>
  </testsuite>
  <testsuite name="b_test.rego" tests="1" failures="0" errors="0" skipped="1">
    <testcase classname="b_test.rego" name="test_later" file="b_test.rego" line="4"><skipped message="why"/></testcase>
  </testsuite>
</testsuites>
`));

test('coverage: what no case does, and the count', () => {
  const both = [true, false];
  const lines = [
    { key: 'domain', position: at(1, 'b.yaml'), isTrue: true, isFalse: true, can: both },
    { key: 'user', position: at(2, 'b.yaml'), isTrue: true, isFalse: false, can: both },
    { key: 'email', position: at(3, 'b.yaml'), isTrue: false, isFalse: false, can: both },
    { key: 'accept', position: at(4, 'b.yaml'), isTrue: true, isFalse: false, can: [true] },
    { key: 'reject', position: at(5, 'b.yaml'), isTrue: false, isFalse: false, can: [false] },
  ];
  expect(writeCoverage(lines)).toEqual({
    percent: 50,
    text: `b.yaml:2:3: warning: user: no case makes it false
b.yaml:3:3: warning: email: no case comes here
b.yaml:5:3: warning: reject: no case comes here
coverage: 4 of 8 outcomes of 5 criteria (50.0 %)
`,
  });
  const hostile = {
    key: 'a\n\u001b[2J\u009b\u202e"',
    position: at(6, 'b\n.yaml'),
    isTrue: false,
    isFalse: false,
    can: [true],
  };
  expect(writeCoverage([hostile]).text.split('\n', 2)).toEqual([
    'b\\n.yaml:6:3: warning: a\\n\\u001b[2J\\u009b\\u202e": no case comes here',
    'coverage: 0 of 1 outcomes of 1 criteria (0.0 %)',
  ]);
  expect(writeCoverage([])).toEqual({ percent: 100, text: 'coverage: 0 of 0 outcomes of 0 criteria (100.0 %)\n' });
});
