import { beforeAll, describe, expect, test } from 'vitest';
import { type Bench, judgeCase } from '../../src/cases/judge-case.ts';
import { parseCases } from '../../src/cases/parse-cases.ts';
import { benchOf } from './bench-of.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await benchOf(`
insecure_server: true
jwt_claims_headers: {X-Dept: department}
routes:
- name: App
  from: https://app.example.com
  to: http://127.0.0.1:1
  pass_identity_headers: true
  set_request_headers: {X-Team: s3cret, Authorization: 'Bearer \${pomerium.jwt}'}
  remove_request_headers: [X-Debug]
  set_response_headers: {X-Seen: 'yes'}
  policy: {allow: {or: [domain: companydomain.com, user: app-access]}, deny: {or: [http_path: /admin]}}
`);
});

const HEAD = `
people: {alice: {email: alice@companydomain.com, claims: {department: research}}, bob: {email: bob@elsewhere.net}}
service_accounts: [app-access]
cases:
  a case:
`;
const APP = 'https://app.example.com';

/** Subject, then what was expected and what was found, of all that differs. */
async function differences(...lines: readonly string[]): Promise<readonly string[]> {
  const [testCase] = parseCases(`${HEAD}${lines.map((line) => `    ${line}\n`).join('')}`, 'a.yaml');
  if (testCase === undefined) throw new Error('no case');
  const { result } = await judgeCase(testCase, bench);
  expect(result.outcome).toBe(result.mismatches.length === 0 ? 'passed' : 'failed');
  return result.mismatches.map(({ subject, expected, found }) => `${subject}: ${expected} / ${found}`);
}

describe('what is so passes, and what is not so is told', () => {
  test.each<[name: string, who: string, path: string, right: string, wrong: string, ...told: string[]]>([
    ['allow', 'alice', '/', 'allow', 'deny', 'allow: false / true'],
    ['deny', 'bob', '/', 'deny', 'allow', 'allow: true / false'],
    ['a status', 'bob', '/', '{status: 403}', '{status: 401}', 'status: 401 / 403'],
    ['a route', 'bob', '/', '{route: App}', '{route: API}', 'route: API / App'],
    [
      'reasons, in any order',
      'bob',
      '/',
      '{reasons: [user-unauthorized, domain-unauthorized]}',
      '{reasons: [domain-unauthorized]}',
      'reasons: domain-unauthorized / domain-unauthorized,user-unauthorized',
    ],
    [
      'a header as configured, which is not told',
      'alice',
      '/',
      '{request_headers: {x-team: s3cret}}',
      '{request_headers: {X-TEAM: blue}}',
      'request_headers X-TEAM: blue / (text of the configuration)',
    ],
    [
      'a header with the assertion',
      'alice',
      '/',
      `{request_headers: {Authorization: 'Bearer \${pomerium.jwt}'}}`,
      '{request_headers: {Authorization: null}}',
      `request_headers Authorization: none / (text of the configuration)\${pomerium.jwt}`,
    ],
    [
      'claims that are signed',
      'alice',
      '/',
      '{request_headers: {X-Pomerium-Jwt-Assertion: {sub: alice@companydomain.com, groups: [], nickname: null}}}',
      '{request_headers: {X-Pomerium-Jwt-Assertion: {sub: bob, nickname: b}}}',
      'request_headers X-Pomerium-Jwt-Assertion: sub: "bob",nickname: "b" / sub: "alice@companydomain.com",nickname: null',
    ],
    [
      'claims where there is no assertion',
      'alice',
      '/',
      '{request_headers: {X-Dept: research}}',
      '{request_headers: {X-Dept: {sub: alice}}}',
      'request_headers X-Dept: an assertion / research',
    ],
    [
      'a header that is not there',
      'alice',
      '/',
      '{request_headers: {X-None: null}}',
      '{request_headers: {X-None: a}}',
      'request_headers X-None: a / none',
    ],
    [
      'a header of the answer, which is not told either',
      'alice',
      '/',
      '{response_headers: {x-seen: "yes"}}',
      '{response_headers: {x-seen: "no"}}',
      'response_headers x-seen: no / (text of the configuration)',
    ],
    [
      'a refused request has no headers',
      'bob',
      '/',
      '{request_headers: {X-Team: null}}',
      '{request_headers: {X-Team: s3cret}}',
      'request_headers X-Team: s3cret / none',
    ],
    [
      'everything at once',
      'alice',
      '/admin',
      '{allow: false, status: 403, reasons: [http-path-ok]}',
      '{allow: true, status: 200, reasons: [domain-ok]}',
      'allow: true / false',
      'status: 200 / 403',
      'reasons: domain-ok / http-path-ok',
    ],
  ])('%s', async (_, who, path, right, wrong, ...told) => {
    const of = (expect: string) => differences(`as: ${who}`, `request: ${APP}${path}`, `expect: ${expect}`);
    expect(await of(right)).toEqual([]);
    expect(await of(wrong)).toEqual(told);
  });

  test('headers that the client sent, of which one is removed', async () => {
    const request = `request: {url: ${APP}, headers: {X-Debug: a, X-Other: [b, c], Cookie: d=e}}`;
    const wanted = '{X-Debug: null, X-Other: "b, c", Cookie: d=e}';
    expect(await differences('as: alice', request, `expect: {request_headers: ${wanted}}`)).toEqual([]);
  });

  test('the assertion that is carried, by its claims', async () => {
    const lines = ['as: app-access', 'for: alice', `request: ${APP}`];
    const of = (claims: string) =>
      differences(...lines, `expect: {request_headers: {X-Pomerium-Jwt-Assertion-For: ${claims}}}`);
    expect(await of('{sub: alice@companydomain.com, department: research, caller_type: user}')).toEqual([]);
    expect(await of('null')).toEqual([
      'request_headers X-Pomerium-Jwt-Assertion-For: none / (the assertion of the original user)',
    ]);
  });
});

describe('an answer that no policy gave makes no "deny" come true', () => {
  test.each([
    ['a host without a route', 'https://ap.example.com/', 404, 'no route takes this request'],
    ['a path with two readings', `${APP}/%2f`, 400, 'the path can be read in more than one way'],
  ])('%s', async (_, url, status, why) => {
    const of = (expect: string) => differences(`request: ${url}`, `expect: ${expect}`);
    expect(await of('deny')).toEqual([`decision: of a route's policy / refused with ${status}, ${why}`]);
    expect(await of('{allow: false}')).toEqual([`decision: of a route's policy / refused with ${status}, ${why}`]);
    expect(await of(`{status: ${status}}`)).toEqual([]);
  });

  test('headers that are too large', async () => {
    const of = (length: number, expect: string) =>
      differences(
        `as: {email: a@companydomain.com, claims: {department: ${'x'.repeat(length)}}}`,
        `request: ${APP}`,
        `expect: ${expect}`,
      );
    // Once in a header, and in two assertions.
    expect(await of(1500, 'allow')).toEqual([]);
    const [asked, ...others] = await of(3000, 'deny');
    expect(asked).toMatch(/^decision: of a route's policy \/ refused with 431, \d+ bytes of headers are to be added/);
    expect(others).toEqual([]);
    expect(await of(3000, '{status: 431, route: App}')).toEqual([]);
  });

  test('what cannot be imagined, whatever is expected', async () => {
    const lines = ['as: alice', 'for: bob', `request: ${APP}`];
    expect(await differences(...lines, 'expect: deny')).toEqual([
      "decision: of a route's policy / not asked, only a service account calls on behalf of somebody",
    ]);
  });
});

test('a case that is skipped is not judged', async () => {
  const [testCase] = parseCases(`${HEAD}    {skip: later, request: /, expect: allow}\n`, 'a.yaml');
  if (testCase === undefined) throw new Error('no case');
  expect((await judgeCase(testCase, bench)).result).toMatchObject({ outcome: 'skipped', note: 'later' });
});
