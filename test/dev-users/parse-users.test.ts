import { expect, test } from 'vitest';
import { parseUsers } from '../../src/dev-users/parse-users.ts';
import { problemsOf } from '../config/problems-of.ts';

test('people, as a provider would describe them', () => {
  const file = `people:
  alice: {id: a1, email: alice@companydomain.com, name: Alice, groups: [eng, ops], claims: {address: {country: SE}}}
  bob: {email: bob@companydomain.com}
  carl: {id: carl}
`;
  expect(parseUsers(file, 'users.yaml')).toEqual([
    {
      id: 'a1',
      email: 'alice@companydomain.com',
      name: 'Alice',
      groups: ['eng', 'ops'],
      claims: {
        sub: ['a1'],
        email: ['alice@companydomain.com'],
        name: ['Alice'],
        groups: ['eng', 'ops'],
        'address.country': ['SE'],
      },
    },
    {
      id: 'bob@companydomain.com',
      email: 'bob@companydomain.com',
      name: '',
      groups: [],
      claims: { sub: ['bob@companydomain.com'], email: ['bob@companydomain.com'], groups: [] },
    },
    { id: 'carl', email: '', name: '', groups: [], claims: { sub: ['carl'], groups: [] } },
  ]);
});

const wrong: Record<string, [text: string, ...problems: string[]]> = {
  'no people': ['people: {}\n', '1:9: "people" must not be empty'],
  'other keys': [
    'users: {}\n',
    '1:1: a file of people has no "people"',
    '1:1: unknown key "users" in a file of people: it takes people',
  ],
  'a list of people': ['people: [alice]\n', '1:9: "people" must be a map; found a list'],
  'nobody in particular': ['people: {alice: {name: Alice}}\n', '1:17: "alice" must have an "id" or an "email"'],
  'a service account': [
    'people: {api: {service_account: api-access}}\n',
    '1:10: "api" must be a person of no issuer: nobody else can be chosen',
  ],
  'somebody of another issuer': [
    'people: {a: {id: a, issuer: api.example.net}}\n',
    '1:10: "a" must be a person of no issuer: nobody else can be chosen',
  ],
  'somebody twice': ['people: {a: {id: x}, b: {id: x}}\n', '1:22: "b" has the id of somebody above'],
  'a misspelt key': ['people: {a: {id: x, mail: y}}\n', '1:21: unknown key "mail" in "a": did you mean "email"?'],
  'claims that no token can have': [
    `people: {a: {id: x, claims: {a: {b: 1}, a.b: 2}}}\n`,
    '1:10: "a" has claims that no token can have: too many, too deep or twice the same',
  ],
};
test.each(Object.entries(wrong))('%s', (_, [text, ...problems]) => {
  expect(problemsOf(() => parseUsers(text, 'u.yaml'))).toEqual(problems.map((line) => `u.yaml:${line}`));
});
