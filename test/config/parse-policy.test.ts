import { expect, test } from 'vitest';
import { parsePolicyText } from '../../src/config/parse-policy-text.ts';
import { problemsOf } from './problems-of.ts';

/** Rules as `action: operator[criterion, ...] ...`. */
const shape = (text: string): readonly string[] =>
  parsePolicyText(text, 'p.yaml').rules.map(({ action, blocks }) =>
    [
      `${action}:`,
      ...blocks.map(
        ({ operator, criteria }) =>
          `${operator}[${criteria.map(({ name, subpath }) => (subpath === null ? name : `${name} of ${subpath}`))}]`,
      ),
    ].join(' '),
  );

const taken: Record<string, [text: string, ...rules: string[]]> = {
  'no rule': ['{}'],
  'no rules': ['[]'],
  'an empty rule': ['deny: {}', 'deny:'],
  'an empty block': ['{"allow": {"and": []}}', 'allow: and[]'],
  'rules in one order': [
    '{"deny": {"or": [{"reject": 1}]}, "allow": {"nor": [], "and": []}}',
    'allow: and[] nor[]',
    'deny: or[reject]',
  ],
  'rules of a list, in its order': ['- deny: {or: [a: 1]}\n- allow: {or: [b: 1]}\n', 'deny: or[a]', 'allow: or[b]'],
  'names split at the first slash': [
    'allow: {or: [claim/a/b: 1, /x: 1, y/: 1]}',
    'allow: or[claim of a/b, of x,y of ]',
  ],
  'an action that is ignored': ['allow: {action: deny, or: [accept: 1]}', 'allow: or[accept]'],
  'criteria that nobody knows': ['allow: {and: [or: [accept: 1]]}', 'allow: and[or]'],
};
test.each(Object.entries(taken))('%s', (_, [text, ...rules]) => {
  expect(shape(text)).toEqual(rules);
});

const refused: Record<string, [text: string, problem: string]> = {
  'an empty text': ['', 'p.yaml:1:1: the file is empty'],
  'a number': [
    '1',
    'p.yaml:1:1: a policy must be a map with "allow" or "deny", or a list of such maps; found a number',
  ],
  'a list in a list': ['[[{"allow": {}}]]', 'p.yaml:1:2: a rule must be a map with "allow" or "deny"; found a list'],
  'a block twice': ['{"allow": {"or": [], "or": []}}', 'p.yaml:1:22: this key is already there, on line 1'],
};
test.each(Object.entries(refused))('%s', (_, [text, problem]) => {
  expect(problemsOf(() => parsePolicyText(text, 'p.yaml'))).toEqual([problem]);
});
