import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { runBehalf } from '../support/run-behalf.ts';
import { BEHALF } from '../support/start-behalf.ts';

const CONFIG = `
insecure_server: true
routes:
- name: App
  from: https://app.example.com
  to: http://127.0.0.1:1
  policy:
    allow: {or: [domain: companydomain.com]}
    deny:
      or:
      - http_path: /admin
      - http_path: /secret
`;
const CASES = `
people: {alice: {email: alice@companydomain.com}, bob: {email: bob@elsewhere.net}}
cases:
  alice opens App:
    as: alice
    request: https://app.example.com/
    expect: allow
  nobody opens what is secret:
    as: alice
    request: https://app.example.com/secret
    expect: deny
`;
const BOB =
  '  bob opens App:\n    as: bob\n    request: https://app.example.com/\n    expect: {reasons: [domain-ok]}\n';
const LATER = '  later:\n    skip: true\n    request: https://app.example.com/\n    expect: allow\n';
const REGO = `package app_test

import data.behalf.criteria
import data.behalf.main

alice := {"type": "user", "id": "a", "email": "a@companydomain.com"}

test_domain if criteria.domain({"is": "companydomain.com"}).value == true with input.caller as alice

test_no_route if main.decision.status == 404 with input.route.id as "none"

test_paths[path] if {
	some path, admin in {"/": false, "/admin": true, "/secret": true}
	criteria.http_path({"is": "/admin"}).value == admin with input.request.path as path
}

todo_test_more if false
`;

// Each compiles anew, some of them twice.
vi.setConfig({ testTimeout: 180_000 });

const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true }))));

async function write(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'behalf-test-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

async function behalfTest(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const cwd = await write({ 'behalf.yaml': CONFIG, ...files });
  return { cwd, ...(await runBehalf(['test', ...args], { cwd })) };
}

test('cases that pass are counted, and exit 0', async () => {
  const files = { 'app.cases.yaml': CASES + LATER, '.hidden/x.cases.yaml': 'no', 'x.yaml': 'no' };
  expect(await behalfTest(files, '--threshold', '66')).toMatchObject({
    exitCode: 0,
    stdout: `skipped app.cases.yaml:12:3: later
2 passed, 0 failed, 1 skipped
behalf.yaml:8:18: warning: domain: no case makes it false
behalf.yaml:11:9: warning: http_path: no case makes it true
coverage: 4 of 6 outcomes of 3 criteria (66.6 %)
`,
    stderr: '',
  });
});

test('a failure is told with its place and its difference, here and in the report, and exits 1', async () => {
  const run = await behalfTest({ 'cases/app.cases.yml': CASES + BOB }, '--coverage', '--junit', 'report.xml');
  expect(run).toMatchObject({ exitCode: 1, stderr: '' });
  expect(run.stdout).toBe(`failed cases/app.cases.yml:12:3: bob opens App
    GET https://app.example.com/ as bob: refused with 403, domain-unauthorized
    reasons (cases/app.cases.yml:15:14)
      - domain-ok
      + domain-unauthorized

2 passed, 1 failed, 0 skipped
behalf.yaml:11:9: warning: http_path: no case makes it true
coverage: 5 of 6 outcomes of 3 criteria (83.3 %)
`);
  expect(await readFile(join(run.cwd, 'report.xml'), 'utf8')).toContain(
    '<testsuites name="behalf" tests="3" failures="1" errors="0" skipped="0">',
  );
});

test('a package of Rego counts as one criterion, whatever its actions', async () => {
  const rego =
    'package app.access\n\nallow if input.caller.email == "alice@companydomain.com"\n\ndeny if input.request.path == "/secret"\n';
  const config = CONFIG.replace(/ {4}allow.*/s, '    rego: access.rego\n');
  const nobody = '  nobody:\n    request: https://app.example.com/\n    expect: deny\n';
  const files = { 'behalf.yaml': config, 'access.rego': rego, 'app.cases.yaml': CASES + nobody };
  expect(await behalfTest(files, '--threshold', '100')).toMatchObject({
    exitCode: 0,
    stdout: '3 passed, 0 failed, 0 skipped\ncoverage: 2 of 2 outcomes of 1 criteria (100.0 %)\n',
    stderr: '',
  });
});

test('coverage below what is asked for exits 1, though all cases pass', async () =>
  expect(await behalfTest({ 'app.cases.yaml': CASES }, '--threshold', '66.7')).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/ \(66\.6 %\)\nfailed: the coverage is below 66\.7 %\n$/),
    stderr: '',
  }));

test('tests in Rego run in WASM, each case of a table', async () =>
  expect(await behalfTest({ 'app_test.rego': REGO })).toMatchObject({
    exitCode: 1,
    stdout: `failed app_test.rego:12:1: test_paths: /secret
    it is false or undefined in WASM

skipped app_test.rego:17:1: todo_test_more: a test to do
4 passed, 1 failed, 1 skipped
`,
  }));

describe('what cannot be run is said, and nothing else', () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[], number, string]>([
    ['no cases', {}, [], 2, 'behalf: no *.cases.yaml and no *_test.rego in .\n'],
    ['no such file', {}, ['x.yaml'], 2, "behalf: ENOENT: no such file or directory, stat 'x.yaml'\n"],
    [
      'no percentage',
      {},
      ['--threshold', '101'],
      2,
      'behalf: --threshold must be a percentage from 0 to 100; found "101"\n',
    ],
    [
      'two files that are wrong',
      { 'a.cases.yaml': 'cases: []\n', 'b.cases.yaml': '- a\n' },
      [],
      1,
      'a.cases.yaml:1:8: "cases" must be a map; found a list\nb.cases.yaml:1:1: a file of cases must be a map; found a list\n',
    ],
    [
      'a configuration that is wrong',
      { 'behalf.yaml': 'routs: []\n', 'a.cases.yaml': CASES },
      [],
      1,
      'behalf.yaml:1:1: unknown key "routs": did you mean "routes"?\n',
    ],
    [
      'a report that cannot be written',
      { 'a.cases.yaml': CASES },
      ['--junit', 'no/report.xml'],
      2,
      "behalf: --junit: ENOENT: no such file or directory, open 'no/report.xml'\n",
    ],
    [
      'Rego that does not compile',
      { 'a_test.rego': 'package a_test\n\ntest_a if x == 1\n' },
      [],
      1,
      'a_test.rego:3:11: var x is unsafe\n',
    ],
  ])('%s', async (_, files, args, exitCode, message) => {
    const { stderr, stdout, ...run } = await behalfTest(files, ...args);
    expect(run.exitCode).toBe(exitCode);
    expect(stderr.replace(/^usage: .*\n/m, '')).toContain(message);
    expect(stdout).toBe('');
  });
});

test('watching, it runs again when a file changes, comes, or is mended', async () => {
  const cwd = await write({ 'behalf.yaml': CONFIG, 'app.cases.yaml': CASES });
  const [program, ...args] = BEHALF;
  // Both streams are one, as in a terminal, so that what is said comes in its order.
  const script = 'exec "$@" test --watch 2>&1';
  const child = spawn('sh', ['-c', script, 'sh', program, ...args], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const rounds = readRounds(child.stdout);
    // A file may be seen twice, before and after it has been written.
    const waitFor = async (text: string) => {
      while (!(await rounds.next()).value.includes(text));
    };
    await waitFor('2 passed, 0 failed, 0 skipped');
    await writeFile(join(cwd, 'app.cases.yaml'), CASES + BOB);
    await waitFor('2 passed, 1 failed, 0 skipped');
    await writeFile(join(cwd, 'behalf.yaml'), 'routs: []\n');
    await waitFor('unknown key "routs"');
    await writeFile(join(cwd, 'behalf.yaml'), CONFIG.replace('companydomain.com', 'elsewhere.net'));
    await waitFor('2 passed, 1 failed, 0 skipped');
    await writeFile(join(cwd, 'later.cases.yaml'), `cases:\n${LATER}`);
    await waitFor('2 passed, 1 failed, 1 skipped');
  } finally {
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  }
});

/** What each run has written, to the line that says that it waits. */
async function* readRounds(stdout: Readable): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of stdout) {
    text += chunk;
    if (text.endsWith('watching for changes\n')) {
      yield text;
      text = '';
    }
  }
}
