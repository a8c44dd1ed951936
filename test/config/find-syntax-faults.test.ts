import { expect, test } from 'vitest';
import { parseYaml } from '../../src/config/parse-yaml.ts';
import { collectProblems } from '../../src/config/problems.ts';
import { problemsOf } from './problems-of.ts';

const WHOLE = `insecure_server: true
address: 127.0.0.1:8080
routes:
  - from: https://a.example.com
    to: http://127.0.0.1:1
    policy:
      - allow:
          or:
            - domain: { is: x.com }
            - groups: [a, b]
    set_request_headers:
      X-A: "one"
      X-B: two
  - from: https://b.example.com
    to: http://127.0.0.1:2
    allow_any_authenticated_user: true
`;

/** The whole file with each of the first texts replaced by what follows it. */
function slip(...replacements: readonly [is: string, becomes: string][]): string {
  return replacements.reduce((text, [is, becomes]) => {
    expect(text.split(is)).toHaveLength(2);
    return text.replace(is, () => becomes);
  }, WHOLE);
}

function listProblems(text: string): readonly string[] {
  const problems = collectProblems();
  return problemsOf(() => problems.finish(parseYaml(text, 'a', problems)));
}

const TO = '    to: http://127.0.0.1:1\n';
const TAB = 'a tab in the indentation; YAML takes spaces only';
const COLUMN = 'not indented as its context asks for: keys of one map, and items of one list, begin in one column';
const DEEPER =
  'indented deeper than the line above, which has a value already: begin both in one column, or take that value away';
const COLON = 'a ":" with a space behind it is missing after the key';
const COMMA = 'a comma is missing here, or a closing bracket before it';
const QUOTE = 'this quote has no closing one where its value ends';
const START = 'a plain value cannot start with this character; put the value in quotes';
const BEHIND = `the value ends before this; in double quotes a quote is written \\", in single quotes ''`;
const bracket = (closing: string) =>
  `this bracket is not closed: its "${closing}" is missing, or not indented deeper than its key`;

const SLIPS: Readonly<Record<string, readonly [text: string, ...problems: string[]]>> = {
  'nothing wrong': [WHOLE],
  'other indentation, the same within each map and list': [slip(['      - allow:', '     - allow:'])],
  'a tab': [slip([TO, TO.replace('    ', '\t')]), `5:1: ${TAB}`],
  'a tab behind spaces': [slip([TO, TO.replace('    ', '  \t')]), `5:3: ${TAB}`],
  'a tab that leads deeper': [slip(['          or:', '      \t  or:']), `8:7: ${TAB}`],
  'a tab after CRLF': [slip([TO, TO.replace('    ', '\t')]).replaceAll('\n', '\r\n'), `5:1: ${TAB}`],
  'a key one space less': [slip([TO, TO.slice(1)]), `5:4: ${COLUMN}`],
  'a key one space less, after CRLF': ['a:\r\n  b: 1\r\n c: 2\r\n', `3:2: ${COLUMN}`],
  'a key one space more': [slip([TO, ` ${TO}`]), `5:6: ${DEEPER}`],
  'a key one space more at the top': [slip(['address', ' address']), `2:2: ${DEEPER}`],
  'a key one space less at the top': ['  a: 1\nb: 2\n', `2:1: ${COLUMN}`],
  'a list below a value': [slip(['policy:', 'policy: x']), `7:7: ${DEEPER}`],
  'an item one space less': [slip(['            - groups', '           - groups']), `10:12: ${COLUMN}`],
  'an item one space more': [slip(['            - groups', '             - groups']), `10:14: ${COLUMN}`],
  'an item too deep': [slip(['  - from: https://b', '    - from: https://b']), `14:5: ${COLUMN}`],
  'an item not deep enough': [slip(['  - from: https://b', '- from: https://b']), `14:1: ${COLUMN}`],
  'a list of two depths': [slip(['            - groups', '          - groups']), `10:11: ${COLUMN}`],
  'an item without a space': [
    slip(['  - from: https://b', '  -from: https://b']),
    '14:3: the "-" of a list needs a space behind it',
  ],
  'no colon before a list': [slip(['routes:', 'routes']), `3:1: ${COLON}`],
  'no colon before a value': [slip([TO, TO.replace(':', '')]), `5:5: ${COLON}`],
  'no colon on the first line': [slip(['server:', 'server']), `1:1: ${COLON}`],
  'no colon on the last line': [slip(['user:', 'user']), `16:5: ${COLON}`],
  'no space behind a colon': [slip([TO, TO.replace(': ', ':')]), `5:5: ${COLON}`],
  'no space behind the colon of an item': [slip(['from: https://b', 'from:https://b']), `14:5: ${COLON}`],
  'an open double quote': [slip(['"one"', '"one']), `12:12: ${QUOTE}`],
  'an open single quote': [slip(['"one"', "'one"]), `12:12: ${QUOTE}`],
  'an open quote, and a later one': [slip(['"one"', '"one'], ['two', '"two"']), `12:12: ${QUOTE}`],
  'an open quote, and deeper lines': ['a: "one\n  b: "two: 3"\n', `1:4: ${QUOTE}`],
  'an open quote in a list': ['a: ["one, two]\nb: 1\n', `1:5: ${QUOTE}`],
  'an open quote before an escape': ['a: "one\nb: "\\d"\n', `1:4: ${QUOTE}`],
  'a value of two lines in quotes': ['a: "one\n  two"\n'],
  'a quote within quotes': [slip(['"one"', '"o"ne"']), `12:15: ${BEHIND}`],
  'an apostrophe in quotes': [slip(['"one"', "'it's'"]), `12:16: ${BEHIND}`],
  'an open list': [slip(['b]', 'b']), `10:23: ${bracket(']')}`],
  'an open map': [slip(['x.com }', 'x.com']), `9:23: ${bracket('}')}`],
  'a map closed as a list': [slip(['b]', 'b}']), `10:23: ${bracket(']')}`],
  'an open list in JSON': ['{"routes": [}', `1:12: ${bracket(']')}`],
  'a list closed too far left': ['a:\n  b:\n    c: [\n      1\n  ]\n', `3:8: ${bracket(']')}`],
  'a list closed where its key begins': ['a:\n  c: [\n    1\n  ]\n'],
  'no comma in a list': ['a: ["b" "c"]\n', `1:9: ${COMMA}`],
  'no comma in a map': [slip(['x.com }', 'x.com not: y }']), `9:29: ${COMMA}`],
  'a key twice': [slip(['X-B', 'X-A']), '13:7: this key is already there, on line 12'],
  'a colon in a value': [
    slip(['"one"', 'a: b']),
    '12:12: a value with a ": " in it; put it in quotes, or begin a map on a line of its own',
  ],
  'a colon in a value in quotes': [slip(['"one"', '"a: b"'])],
  'a wildcard without quotes': [
    slip(['https://b.example.com', '*.example.com']),
    '14:11: an alias whose anchor is not set before it; text that starts with "*" needs quotes',
  ],
  'two documents': [`${WHOLE}---\na: 1\n`, '17:1: a second document starts here; there may be only one in a file'],
  'two wrong values': [slip(['"one"', '@one'], ['two', '`two']), `12:12: ${START}`, `13:12: ${START}`],
  'a wrong value before a wrong line': [
    slip(['"one"', '@one'], ['user:', 'user']),
    `12:12: ${START}`,
    `16:5: ${COLON}`,
  ],
  'a wrong line before a wrong value': [slip(['routes:', 'routes'], ['"one"', '@one']), `3:1: ${COLON}`],
};

test.each(Object.entries(SLIPS))('%s', (_, [text, ...problems]) => {
  expect(listProblems(text)).toEqual(problems.map((line) => `a:${line}`));
});

test.each(['[', '{a: ', '{a: b c: d '])('no depth of "%s" is too much, nor told level by level', (opening) => {
  expect(listProblems(opening.repeat(50_000))).toEqual([
    expect.stringMatching(/^a:1:\d+: nested deeper than can be read$/),
  ]);
});

// While a running proxy reads such a file, nobody is served.
test.each(['"a" "b" ', '} ', 'a: b '])('half a megabyte of "%s" in one line takes no time to speak of', (piece) => {
  const start = process.threadCpuUsage();
  expect(listProblems(`routes: [${piece.repeat(2 ** 19 / piece.length)}`)).toHaveLength(1);
  const { user, system } = process.threadCpuUsage(start);
  expect(user + system).toBeLessThan(15_000_000);
});

// What is quoted from a file may be a secret.
test.each(Object.entries(SLIPS))('no message quotes the text: %s', (_, [text]) => {
  const secret = text.replaceAll(/one|two|x\.com/g, 'hunter2');
  expect(listProblems(secret).join('\n')).not.toContain('hunter2');
});
