import { describe, expect, test } from 'vitest';
import { parseCases } from '../../src/cases/parse-cases.ts';
import { problemsOf } from '../config/problems-of.ts';

const PEOPLE = 'people: {alice: {email: a@x.com}}\nservice_accounts: [app-access]\ncases:\n';
/** A file with one case, whose lines stand from line 5, column 5 on. */
const one = (...lines: readonly string[]) => `${PEOPLE}  a case:\n${lines.map((line) => `    ${line}\n`).join('')}`;
const REQUEST = 'request: https://a.example.com/';

test('a case says who, on whose behalf, what and when', () => {
  const [found] = parseCases(
    one(
      'as: app-access',
      'for: {id: u1, issuer: https://partner.example}',
      'request: {method: POST, url: https://a.example.com/x, headers: {X-A: b, X-C: [d, e]}, ip: 192.0.2.1, client_certificate: {valid: true}}',
      'at: 2026-01-31T09:00:00+01:00',
      'skip: later',
      'expect: {allow: false, status: 403, route: A, reasons: [a-b], request_headers: {X-A: null, X-J: {sub: u1, groups: [g]}}, response_headers: {X-B: c}}',
    ),
    'a.cases.yaml',
  );
  const at = (line: number, column: number) => ({ file: 'a.cases.yaml', line, column });
  expect(found).toEqual({
    name: 'a case',
    position: at(4, 3),
    imagined: {
      method: 'POST',
      url: 'https://a.example.com/x',
      headers: { 'X-A': 'b', 'X-C': ['d', 'e'] },
      ip: '192.0.2.1',
      clientCertificate: { valid: true },
      as: { type: 'service_account', id: 'app-access' },
      for: { id: 'u1', issuer: 'https://partner.example' },
      forError: null,
      at: new Date('2026-01-31T08:00:00Z'),
    },
    request: 'POST https://a.example.com/x as app-access for u1',
    skip: 'later',
    expected: {
      allow: { value: false, position: at(10, 14) },
      status: { value: 403, position: at(10, 28) },
      route: { value: 'A', position: at(10, 41) },
      reasons: { value: ['a-b'], position: at(10, 51) },
      request_headers: {
        value: {
          'X-A': { value: null, position: at(10, 85) },
          'X-J': { value: { sub: 'u1', groups: ['g'] }, position: at(10, 96) },
        },
        position: at(10, 67),
      },
      response_headers: { value: { 'X-B': { value: 'c', position: at(10, 145) } }, position: at(10, 126) },
    },
  });
});

describe('short forms', () => {
  test.each<[string, readonly string[], object]>([
    ['a URL', [REQUEST, 'expect: allow'], { request: 'GET https://a.example.com/ as nobody' }],
    ['a method and a URL', ['request: PUT https://a/', 'expect: deny'], { request: 'PUT https://a/ as nobody' }],
    ['allow', [REQUEST, 'expect: allow'], { expected: { allow: { value: true } } }],
    ['deny', [REQUEST, 'expect: deny'], { expected: { allow: { value: false } } }],
    ['nobody', [REQUEST, 'as:', 'expect: allow'], { imagined: { as: null } }],
    ['a person', [REQUEST, 'as: alice', 'expect: allow'], { imagined: { as: { email: 'a@x.com' } } }],
    [
      'a service account in its place',
      [REQUEST, 'as: {service_account: s}', 'expect: allow'],
      { imagined: { as: { type: 'service_account', id: 's' } } },
    ],
    ['a case that is not run', [REQUEST, 'skip: true', 'expect: allow'], { skip: '' }],
  ])('%s', (_, lines, expected) => expect(parseCases(one(...lines), 'a.yaml')).toMatchObject([expected]));
});

const WRONG: Readonly<Record<string, readonly [text: string, ...problems: string[]]>> = {
  'no file of cases': ['- a\n', '1:1: a file of cases must be a map; found a list'],
  'no cases': ['people: {}\n', '1:1: a file of cases has no "cases"'],
  'cases in a list': ['cases: []\n', '1:8: "cases" must be a map; found a list'],
  'no YAML': ['cases: [\n', '1:8: this bracket is not closed: its "]" is missing, or not indented deeper than its key'],
  'another key': ['case: {}\ncases: {}\n', '1:1: unknown key "case" in a file of cases: did you mean "cases"?'],
  'a case of nothing': [`${PEOPLE}  a case:\n`, '4:10: "a case" must be a map; found nothing'],
  'a case without a request': [one('expect: allow'), '5:5: "a case" has no "request"'],
  'a case without expectations': [one(REQUEST), '5:5: "a case" has no "expect"'],
  'the same case twice': [
    `${PEOPLE}  a: {${REQUEST}, expect: allow}\n  a: {${REQUEST}, expect: deny}\n`,
    '5:3: this key is already there, on line 4',
  ],
  'a key of no case': [
    one(REQUEST, 'expects: allow', 'expect: allow'),
    '6:5: unknown key "expects" in "a case": did you mean "expect"?',
  ],
  'a key of no request': [
    one('request: {path: /}', 'expect: allow'),
    '5:14: "request" has no "url"',
    '5:15: unknown key "path" in "request": it takes method, url, headers, ip, client_certificate',
  ],
  'a person without a name': ['people: {a: {groups: [g]}}\ncases: {}\n', '1:13: "a" must have an "id" or an "email"'],
  'a name of two': [
    'people: {a: {id: b}}\nservice_accounts: [a]\ncases: {}\n',
    '2:20: "a" is there already: a name is one caller\'s',
  ],
  'service accounts as a map': [
    'service_accounts: {a: {}}\ncases: {}\n',
    '1:19: "service_accounts" must be a list of ids; found a map',
  ],
  'nobody by that name': [
    one(REQUEST, 'as: alise', 'expect: allow'),
    '6:9: "as" names "alise", whom "people" and "service_accounts" do not have: did you mean "alice"?',
  ],
  'nobody of any like name': [
    one(REQUEST, 'for: bob', 'expect: allow'),
    '6:10: "for" names "bob", whom "people" and "service_accounts" do not have: write them there, or a map such as {email: a@example.com}',
  ],
  'a service account with an email': [
    one(REQUEST, 'as: {service_account: s, email: a}', 'expect: allow'),
    '6:30: unknown key "email" in "as": it takes service_account, issuer',
  ],
  'an error that no assertion has': [
    one(REQUEST, 'for_error: wrong', 'expect: allow'),
    '6:16: "for_error" must be "audience" or "expired" or "issuer" or "malformed" or "not-yet-valid" or "presenter" or "repeated" or "revoked" or "signature"; found the string "wrong"',
  ],
  'a time without its offset': [
    one(REQUEST, 'at: 2026-01-31T09:00:00', 'expect: allow'),
    '6:9: "at" must be a time with its offset, such as 2026-01-31T09:00:00+01:00; found the string "2026-01-31T09:00:00"',
  ],
  'a time that is none': [
    one(REQUEST, 'at: 2026-13-31T09:00:00Z', 'expect: allow'),
    '6:9: "at" must be a time with its offset, such as 2026-01-31T09:00:00+01:00; found the string "2026-13-31T09:00:00Z"',
  ],
  'a header that is a number': [
    one('request: {url: https://a/, headers: {X-A: 1}}', 'expect: allow'),
    '5:47: "X-A" must be a string, or a list of strings; found the number 1',
  ],
  'nothing expected': [
    one(REQUEST, 'expect: {}'),
    '6:13: "expect" must be "allow", "deny", or a map with one or more of allow, status, route, reasons, request_headers, response_headers',
  ],
  'another word': [
    one(REQUEST, 'expect: refuse'),
    '6:13: "expect" must be "allow", "deny", or a map with one or more of allow, status, route, reasons, request_headers, response_headers',
  ],
  'a reason that can be none': [
    one(REQUEST, 'expect: {reasons: [Domain OK]}'),
    '6:23: "Domain OK" can be no reason: those are like "domain-unauthorized"',
  ],
  'a status that is none': [
    one(REQUEST, 'expect: {status: 99}'),
    '6:22: "status" must be a status such as 200, 401, 403 or 404; found the number 99',
  ],
  'a header of no name': [one(REQUEST, 'expect: {request_headers: {"a b": c}}'), '6:32: "a b" is no header\'s name'],
  'a header that is a list': [
    one(REQUEST, 'expect: {request_headers: {a: [c]}}'),
    '6:35: "a" must be text, the claims of an assertion, or null for no such header; found a list',
  ],
  'to be skipped, or not': [
    one(REQUEST, 'skip: 1', 'expect: allow'),
    '6:11: "skip" must be true, or say why; found the number 1',
  ],
};

describe('what is wrong is said with its place', () => {
  test.each(Object.entries(WRONG))('%s', (_, [text, ...problems]) =>
    expect(problemsOf(() => parseCases(text, 'a.yaml'))).toEqual(problems.map((problem) => `a.yaml:${problem}`)),
  );
});
