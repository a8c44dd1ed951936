import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeLine } from '../../src/decision-log/write-line.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import type { RouteReads } from '../../src/reads.ts';
import { type Judge, openJudge } from '../../src/replay/open-judge.ts';
import { type Report, replayLogs } from '../../src/replay/replay-logs.ts';
import { writeReport } from '../../src/replay/write-report.ts';
import type { Facts } from '../compile/input-of.ts';
import { decidedOf } from '../decision-log/decided-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'behalf-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

const allow = (...criteria: object[]) => ({ policy: { allow: { or: criteria } } });
const route = (name: string, host: string, rest: object) => ({
  name,
  from: `https://${host}.example.com`,
  to: 'http://127.0.0.1:9',
  ...rest,
});
const write = (file: string, ...routes: object[]): void =>
  // JSON is YAML.
  writeFileSync(join(folder, file), JSON.stringify({ insecure_server: true, address: ':0', routes }));

const DOMAIN = allow({ domain: 'example.com' });
const BLUE = 'package b\nallow if input.request.headers["x-tenant"][0] == "blue"\n';
const NONE = 'package b\nallow if object.get(input.request.headers, "x-tenant", "none") == "none"\n';
write('all.yaml', route('App', 'app', allow({ authenticated_user: true })));
write(
  'old.yaml',
  route('App', 'app', DOMAIN),
  route('API', 'api', allow({ user: 'api-access' })),
  route('Open', 'open', allow({ accept: true })),
  route('Rego', 'rego', { policy: { rego: BLUE } }),
);
write(
  'new.yaml',
  route('App', 'app', { policy: { allow: { or: [{ domain: 'example.com' }] }, deny: { or: [{ user: 'bob' }] } } }),
  route('API', 'api', allow({ 'original_user/email': 'alice@example.com' })),
  route('Admin', 'open', { prefix: '/admin', ...DOMAIN }),
  route('Open', 'open', allow({ 'claim/dept': 'sales' }, { cors_preflight: true })),
  route('Rego', 'rego', { policy: { rego: NONE } }),
);

const NOTHING: RouteReads = { request: [], headers: [], claims: [] };

interface Entry {
  readonly route: string | null;
  readonly host: string;
  readonly facts?: Facts;
  readonly reads?: RouteReads | undefined;
  readonly status?: number;
  readonly reasons?: string[];
  readonly seconds?: number;
}

let lines = 0;

/** A line as the proxy would have written it. */
function line({
  route,
  host,
  facts = {},
  reads = NOTHING,
  status = 200,
  reasons = ['accept'],
  seconds = 0,
}: Entry): string {
  const request = { host: `${host}.example.com`, ...facts.request };
  const decided = decidedOf({ ...facts, request }, { allow: status === 200, status, reasons });
  lines += 1;
  const input = {
    ...decided.input,
    route: { id: route === null ? '' : 'r9', name: route ?? '' },
    time_ns: decided.input.time_ns + seconds * 1e9,
  };
  return writeLine({ ...decided, requestId: `id-${lines}`, input }, reads, { headers: [], claims: [] });
}

const person = (id: string, email = `${id}@example.com`): Facts => ({ caller: { id, email } });
const account = (original_user: string | null): Facts => ({
  caller: { type: 'service_account', id: 'api-access' },
  original_user: original_user === null ? null : { id: original_user, email: `${original_user}@example.com` },
});
const ok = ['domain-ok'];

function log(name: string, ...entries: readonly (Entry | string)[]): string {
  lines = 0;
  const text = entries.map((entry) => (typeof entry === 'string' ? entry : line(entry))).join('');
  writeFileSync(join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text);
  return name;
}

const judges: Record<string, Judge> = {};
beforeAll(async () => {
  await using compiler = startCompiler();
  for (const name of ['old.yaml', 'new.yaml', 'all.yaml']) {
    judges[name] = { ...(await openJudge(join(folder, name), compiler)), file: name };
  }
});

/** What becomes of these logs under new.yaml. */
function replay(old: string, ...logs: readonly string[]): Promise<Report> {
  const { [old]: older, 'new.yaml': newer } = judges;
  if (older === undefined || newer === undefined) throw new TypeError(`there is no ${old}`);
  return replayLogs(
    older,
    newer,
    logs.map((name) => join(folder, name)),
  );
}

test('what flips, by route, reason and user; in several files, packed too', async () => {
  const alice = { route: 'App', host: 'app', facts: person('alice'), reasons: ok };
  const bob = { route: 'App', host: 'app', facts: person('bob'), reasons: ok };
  const api = { route: 'API', host: 'api', reasons: ['user-ok'] };
  const hostile = { ...api, facts: account('\u001b[2J\u2028"x" for root') };
  const logs = [
    log('one.jsonl', { ...bob, seconds: 60 }, alice, bob, hostile),
    log('two.jsonl.gz', '\n'.repeat(4), { ...bob, seconds: 3600 }, { ...api, facts: account('alice') }),
    log('three.jsonl', { ...api, facts: account('carol') }, { ...api, facts: account(null) }),
  ];
  const report = await replay('old.yaml', ...logs);
  expect(writeReport(report)).toBe(`8 decisions of 2023-11-14T22:13:20.123Z to 2023-11-14T23:13:20.123Z: 6 flip

route App
  200 domain-ok -> 403 user-ok
    3  bob <bob@example.com>  2023-11-14T22:13:20.123Z to 2023-11-14T23:13:20.123Z  request id-1

route API
  200 user-ok -> 403 original-user-unauthorized
    1  service account api-access for "\\u001b[2J\\u2028\\"x\\" for root"  2023-11-14T22:13:20.123Z  request id-4
    1  service account api-access for carol  2023-11-14T22:13:20.123Z  request id-1
  200 user-ok -> 403 original-user-missing
    1  service account api-access  2023-11-14T22:13:20.123Z  request id-2
`);
  expect(report).toMatchObject({
    old: 'old.yaml',
    new: 'new.yaml',
    decisions: 8,
    flipped: 6,
    not_judged: 0,
    bad_lines: 0,
  });
  expect(report.flips[0]).toEqual({
    route: 'App',
    new_route: 'App',
    old: { allow: true, status: 200, reasons: ['domain-ok'] },
    new: { allow: false, status: 403, reasons: ['user-ok'] },
    unsure: [],
    caller: 'bob',
    caller_type: 'user',
    email: 'bob@example.com',
    original_user: null,
    decisions: 3,
    first: '2023-11-14T22:13:20.123Z',
    last: '2023-11-14T23:13:20.123Z',
    request_id: 'id-1',
  });
});

const cases: Record<string, { entries: (Entry | string)[]; says: string }> = {
  'what the new policy reads was not recorded': {
    entries: [{ route: 'Open', host: 'open', facts: person('alice') }],
    says: `0 flip

not judged: 1
  1  route Open: not recorded, but read: header "origin", header "access-control-request-method", claim "dept" (request id-1)
`,
  },
  'a policy that may read what is masked': {
    entries: [
      {
        route: 'Rego',
        host: 'rego',
        facts: { request: { headers: { 'x-tenant': ['blue'] } } },
        reads: undefined,
        status: 403,
        reasons: [],
      },
    ],
    says: `1 flip

route Rego
  403 -> 200, not sure: headers
    1  nobody  2023-11-14T22:13:20.123Z  request id-1

judged as if it were not there, as the log does not hold it and the policy may read it:
  1  route Rego: headers
`,
  },
  'a name that would move the cursor, of something that was masked': {
    entries: [
      `${JSON.stringify({
        ...JSON.parse(line({ route: 'Rego', host: 'rego', reads: undefined, status: 403, reasons: [] })),
        masked: ['caller.claims.\u001b[31m\nroute Other\u009b2J'],
      })}\n`,
    ],
    says: `1 flip

route Rego
  403 -> 200, not sure: headers, "caller.claims.\\u001b[31m\\nroute Other\\u009b2J"
    1  nobody  2023-11-14T22:13:20.123Z  request id-1

judged as if it were not there, as the log does not hold it and the policy may read it:
  1  route Rego: headers, "caller.claims.\\u001b[31m\\nroute Other\\u009b2J"
`,
  },
  'a request that goes to another route now': {
    entries: [{ route: 'Open', host: 'open', facts: { request: { path: '/admin' } } }],
    says: `1 flip

route Open, now route Admin
  200 accept -> 401 user-unauthenticated
    1  nobody  2023-11-14T22:13:20.123Z  request id-1
`,
  },
  'a request that no route took, and one that none takes now': {
    entries: [{ route: null, host: 'other', status: 404, reasons: ['route-not-found'] }],
    says: '0 flip\n',
  },
  'a log of other hosts, where names count': {
    entries: [{ route: 'App', host: 'staging', facts: person('bob'), reasons: ok }],
    says: `1 flip

route App
  200 domain-ok -> 403 user-ok
    1  bob <bob@example.com>  2023-11-14T22:13:20.123Z  request id-1
`,
  },
  'a route that the old configuration does not have': {
    entries: [{ route: 'Gone', host: 'gone' }],
    says: `0 flip

not judged: 1
  1  route Gone: old.yaml has no route of that name (request id-1)
`,
  },
  'an old configuration that is not what served': {
    entries: [{ route: 'App', host: 'app', facts: person('alice'), status: 403, reasons: ['domain-unauthorized'] }],
    says: `0 flip

decided otherwise by old.yaml than the log says, so it may not be what served then:
  1  route App: 403 domain-unauthorized in the log, 200 domain-ok now (request id-1)
`,
  },
  'lines that are no decisions': {
    entries: ['not JSON\n', '\n', `${JSON.stringify({ message: '\u001b[2J' })}\n`, `${'x'.repeat(2 ** 20 + 1)}\n`],
    says: `0 flip

lines that are no decisions: 3
  ${folder}/log.jsonl:1: not JSON
  ${folder}/log.jsonl:3: not a line of a decision log: line must have required property 'time'
  ${folder}/log.jsonl:4: longer than any line of a decision log
`,
  },
  nothing: { entries: [], says: '0 flip\n' },
};

test.each(Object.entries(cases))('%s', async (_, { entries, says }) => {
  const text = writeReport(await replay('old.yaml', log('log.jsonl', ...entries)));
  expect(text.slice(text.indexOf(': ') + 2)).toBe(says);
});

test('many users of one flip are counted, and all of them reported', async () => {
  const entries = Array.from({ length: 25 }, (_, at) => ({
    route: 'App',
    host: 'app',
    facts: person(`u${at}`, `u${at}@other.com`),
    reasons: ['user-ok'],
  }));
  const report = await replay('all.yaml', log('many.jsonl', ...entries));
  expect(report.flips).toHaveLength(25);
  const text = writeReport(report);
  expect(text.split('\n').filter((line) => /^ {4}1 {2}u\d+ /.test(line))).toHaveLength(20);
  expect(text).toMatch(/\n {4}and 5 more users, 5 decisions: --json lists them\n$/);
});

test('of more kinds of flips than can be held the rest is counted', async () => {
  const entries = Array.from({ length: 10_050 }, (_, at) => ({
    route: 'App',
    host: 'app',
    facts: person(`u${at}`, `u${at}@other.com`),
    reasons: ['user-ok'],
  }));
  const report = await replay('all.yaml', log('too-many.jsonl', ...entries));
  expect(report).toMatchObject({ flipped: 10_050, flips_not_listed: 50 });
  expect(report.flips).toHaveLength(10_000);
  expect(writeReport(report)).toContain('\nand 50 flips of too many kinds to list\n');
});
