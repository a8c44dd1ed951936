import { describe, expect, test } from 'vitest';
import { writeRego } from '../../src/compile/write-rego.ts';
import { parsePolicyText } from '../../src/config/parse-policy-text.ts';
import { configOf } from './config-of.ts';

/** The line of Rego for a criterion that stands alone under `allow: and:`. */
function writeOne(criterion: string): string | undefined {
  const { modules } = writeRego(configOf({ r0: parsePolicyText(`allow:\n  and:\n    - ${criterion}\n`, 'p.yaml') }));
  return /^\t\t(.*),$/m.exec(Object.values(modules).join(''))?.[1];
}

describe('each criterion is a call of the library', () => {
  test.each(
    Object.entries({
      'accept: true': 'criteria.accept',
      'reject: true': 'criteria.reject',
      'authenticated_user: true': 'criteria.authenticated_user',
      'cors_preflight: true': 'criteria.cors_preflight',
      'invalid_client_certificate: true': 'criteria.invalid_client_certificate',
      'user: api-access': 'criteria.user({"is": "api-access"})',
      'email: a@x.com': 'criteria.email({"is": "a@x.com"})',
      'domain: x.com': 'criteria.domain({"is": "x.com"})',
      'groups: admins': 'criteria.groups({"has": "admins"})',
      'claim/role: admin': 'criteria.claim("role", {"has": "admin"})',
      'claim/NAME: admin': 'criteria.claim("NAME", {"has": "admin"})',
      'claim/https://example.com/Roles: admin': 'criteria.claim("https://example.com/Roles", {"has": "admin"})',
      'claim/Family_Name: Smith': 'criteria.claim("Family_Name", {"has": "Smith"})',
      'http_method: GET': 'criteria.http_method({"is": "GET"})',
      'http_path: /a': 'criteria.http_path({"is": "/a"})',
      'original_user/email: a@x.com': 'criteria.original_user_email({"is": "a@x.com"})',
      'original_user/domain: x.com': 'criteria.original_user_domain({"is": "x.com"})',
      'original_user/user: u1': 'criteria.original_user_user({"is": "u1"})',
    }),
  )('%s', (criterion, call) => expect(writeOne(criterion)).toBe(call));
});

describe('each operator is a key of the matcher', () => {
  test.each(
    Object.entries({
      'email: {is: a}': '{"is": "a"}',
      'email: {not: a}': '{"not": "a"}',
      'email: {contains: a}': '{"contains": "a"}',
      'email: {starts_with: a}': '{"starts_with": "a"}',
      'email: {ends_with: a}': '{"ends_with": "a"}',
      'email: {in: [a, b]}': '{"in": ["a", "b"]}',
      'email: {in: []}': '{"in": []}',
      'email: {not_in: [a]}': '{"not_in": ["a"]}',
      'email: {starts_with: a, ends_with: b}': '{"starts_with": "a", "ends_with": "b"}',
      'groups: {has: a}': '{"has": "a"}',
      'groups: {is: a}': '{"is": "a"}',
      'groups: {exclude: a}': '{"exclude": "a"}',
      'email: ""': '{"is": ""}',
    }),
  )('%s', (criterion, matcher) => expect(writeOne(criterion)).toContain(`(${matcher})`));
});

describe('scalars keep their type', () => {
  test.each(
    Object.entries({
      'claim/level: 5': '5',
      'claim/level: "5"': '"5"',
      'claim/level: -0.5': '-0.5',
      'claim/level: true': 'true',
      'claim/level: {has: null}': 'null',
    }),
  )('%s', (criterion, value) => expect(writeOne(criterion)).toBe(`criteria.claim("level", {"has": ${value}})`));
});

describe('what follows a criterion without data is ignored', () => {
  test.each(['accept:', 'accept: false', 'accept: {}', 'accept: [a, {b: c}]', 'accept: "\\uD800"'])('%s', (criterion) =>
    expect(writeOne(criterion)).toBe('criteria.accept'),
  );
});

/** Columns count from 1; the criterion's key is at 3:7. */
describe('a wrong criterion is refused where it is wrong, with an allowed twin', () => {
  test.each(
    Object.entries({
      'emial: a': ['3:7: unknown policy criterion "emial": did you mean "email"?', 'email: a'],
      'clam/role: a': ['3:7: unknown policy criterion "clam/role": did you mean "claim/role"?', 'claim/role: a'],
      'original_user/mail: a': [
        '3:7: unknown policy criterion "original_user/mail": did you mean "original_user/email"?',
        'original_user/email: a',
      ],
      'xyzzy: a': ['3:7: unknown policy criterion "xyzzy"', 'user: a'],
      'toString: a': ['3:7: unknown policy criterion "toString"', 'user: a'],
      'Email: a': ['3:7: unknown policy criterion "Email": did you mean "email"?', 'email: a'],
      '"": a': ['3:7: unknown policy criterion ""', 'user: a'],
      'email/work: a': ['3:7: policy criterion "email" takes nothing after a slash', 'email: a'],
      'accept/: true': ['3:7: policy criterion "accept" takes nothing after a slash', 'accept: true'],
      'claim: a': ['3:7: policy criterion "claim" must have a name, as in "claim/NAME"', 'claim/role: a'],
      'claim/: a': ['3:7: policy criterion "claim" must have a name, as in "claim/NAME"', 'claim//: a'],
      'email: {}': [
        '3:14: empty matcher: give "email" at least one of is, not, contains, starts_with, ends_with, in, not_in',
        'email: {is: a}',
      ],
      'claim/role: {}': ['3:19: empty matcher: give "claim/role" at least one of has, is, exclude', 'claim/role: a'],
      'email:': ['3:13: "email" must have a value or a matcher', 'email: ""'],
      'email: [a, b]': [
        '3:14: "email" takes a matcher, not a list: use "in:" to match any of them',
        'email: {in: [a, b]}',
      ],
      'groups: [a]': ['3:15: "groups" takes a matcher, not a list: write a criterion for each value', 'groups: a'],
      'email: {is: [a]}': [
        '3:19: "is" must be a single value; found a list: use "in:" to match any of them',
        'email: {in: [a]}',
      ],
      'groups: {has: {a: b}}': ['3:21: "has" must be a single value; found a map', 'groups: {has: a}'],
      'email: {regex: .*}': [
        '3:15: unknown operator "regex" of "email": known are is, not, contains, starts_with, ends_with, in, not_in',
        'email: {contains: .}',
      ],
      'email: {endsWith: a}': [
        '3:15: unknown operator "endsWith" of "email": did you mean "ends_with"?',
        'email: {ends_with: a}',
      ],
      'email: {__proto__: a}': [
        '3:15: unknown operator "__proto__" of "email": known are is, not, contains, starts_with, ends_with, in, not_in',
        'email: {is: a}',
      ],
      'claim/role: {contains: a}': [
        '3:20: unknown operator "contains" of "claim/role": known are has, is, exclude',
        'claim/role: {has: a}',
      ],
      'email: {in: a}': ['3:19: "in" must be a list; found the string "a"', 'email: {in: [a]}'],
      'email: {not_in: {a: b}}': ['3:23: "not_in" must be a list; found a map', 'email: {not_in: [a]}'],
      'email: {in: [a, {b: c}]}': ['3:23: "in" must be a single value; found a map', 'email: {in: [a, b]}'],
      'email: {contains: 5}': ['3:25: "contains" must be text; found the number 5', 'email: {contains: "5"}'],
      'email: {starts_with: null}': ['3:28: "starts_with" must be text; found nothing', 'email: {starts_with: "null"}'],
      'email: "\\uD800"': ['3:14: half a surrogate pair is not text and cannot be compared', 'email: "\\uD83D\\uDE00"'],
      '"claim/\\uD800": a': ['3:7: half a surrogate pair is not text and cannot be compared', '"claim/\\uFFFD": a'],
    }),
  )('%s', (criterion, [message = '', twin = '']) => {
    expect(() => writeOne(criterion)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: `p.yaml:${message}` }),
    );
    expect(writeOne(twin)).toMatch(/^criteria\./);
  });
});

describe('criteria that are not there yet are named as such', () => {
  test.each([
    ...['source_ip', 'client_certificate', 'device', 'date', 'day_of_week', 'time_of_day'],
    ...[
      'mcp_tool',
      'ssh_username',
      'ssh_username_matches_email',
      'ssh_username_matches_claim',
      'ssh_publickey',
      'ssh_ca',
    ],
    ...['record', 'pomerium_routes', 'caller_type', 'original_user', 'original_user/type', 'original_user/groups'],
    ...['original_user/issuer', 'original_user/claim/role'],
  ])('%s', (name) => {
    expect(() => writeOne(`${name}: a`)).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG_INVALID',
        message: `p.yaml:3:7: Behalf does not have the policy criterion "${name}" yet`,
      }),
    );
  });
});

describe('a comparison that never holds is warned about', () => {
  test.each(
    Object.entries({
      'user: 1234': '1234',
      'email: {is: true}': 'true',
      'http_path: {not_in: [/a, null]}': 'null',
      'groups: {exclude: 5}': '5',
    }),
  )('%s', (criterion, value) => {
    const { warnings } = writeRego(configOf({ r0: parsePolicyText(`deny:\n  or:\n    - ${criterion}\n`, 'p.yaml') }));
    const name = criterion.split(':', 1)[0];
    expect(warnings).toEqual([
      expect.objectContaining({
        severity: 'warning',
        message: `"${name}" is text, which never equals ${value}; put it in quotes if it is meant as text`,
      }),
    ]);
  });

  test.each(['/a%20b', '/a//b', '/a/../b', '/./a'])('of paths that no request has: %s', (path) => {
    const { warnings } = writeRego(
      configOf({ r0: parsePolicyText(`deny: {or: [{http_path: {starts_with: "${path}"}}]}`, 'p.yaml') }),
    );
    expect(warnings).toMatchObject([
      { message: expect.stringMatching(/^"http_path" is compared normalised and decoded: /) },
    ]);
  });

  test.each([
    ['http_path: admin', '"http_path" always starts with "/"'],
    ['http_path: {starts_with: admin}', '"http_path" always starts with "/"'],
    ['http_method: {in: [get]}', '"http_method" is compared as it is sent, in capitals'],
    ['domain: "@b.c"', '"domain" is what follows the "@", and holds none'],
    ['original_user/domain: a@b.c', '"original_user/domain" is what follows the "@", and holds none'],
  ])('of text that no request has: %s', (criterion, message) => {
    const { warnings } = writeRego(configOf({ r0: parsePolicyText(`deny:\n  or:\n    - ${criterion}\n`, 'p.yaml') }));
    expect(warnings).toMatchObject([{ severity: 'warning', message }]);
  });

  test('but not of other paths', () => {
    const text = 'deny: {or: [{http_path: {in: [/.a, /a/, "/100%", /a.b/..c], contains: admin, ends_with: .php}}]}';
    expect(writeRego(configOf({ r0: parsePolicyText(text, 'p.yaml') })).warnings).toEqual([]);
  });

  test('but not of claims, which may be anything', () => {
    const { warnings } = writeRego(configOf({ r0: parsePolicyText('allow: {or: [{claim/level: 5}]}', 'p.yaml') }));
    expect(warnings).toEqual([]);
  });
});

test('all problems are told at once, sorted, each once', () => {
  const policy = parsePolicyText(
    'allow:\n  and: &all\n    - emial: a\n    - email: {is: [a], in: b}\n  or: *all\n',
    'p.yaml',
  );
  expect(() => writeRego(configOf({ r0: policy, r1: policy }))).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIG_INVALID',
      message: [
        'p.yaml:3:7: unknown policy criterion "emial": did you mean "email"?',
        'p.yaml:4:19: "is" must be a single value; found a list: use "in:" to match any of them',
        'p.yaml:4:28: "in" must be a list; found the string "b"',
      ].join('\n'),
    }),
  );
});
