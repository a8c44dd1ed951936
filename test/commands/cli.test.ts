import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/commands.ts';
import { runBehalf } from '../support/run-behalf.ts';

const CONFIG = `insecure_server: true
address: 127.0.0.1:0
routes:
  - name: App
    from: http://app.localhost
    to: http://127.0.0.1:9
    policy:
      - allow:
          or:
            - domain: companydomain.com
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'behalf-cli-'));
  const files = {
    'behalf.yaml': CONFIG,
    'wrong.yaml': CONFIG.replace('address', 'adress').replace('name: App', 'nmae: App'),
    'wrong-policy.yaml': CONFIG.replace('domain:', 'domian:'),
    'warned.yaml': CONFIG.replace('companydomain.com', '5'),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const behalf = (args: readonly string[], input = '') => runBehalf(args, { cwd: folder, input });

describe('usage', () => {
  test('without a command, and with an unknown one: the help and 2', async () => {
    expect(await behalf([])).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('\n  serve  ') });
    const unknown = await behalf(['sevre']);
    expect(unknown).toMatchObject({ exitCode: 2, stdout: '' });
    expect(unknown.stderr).toMatch(/^behalf: there is no command "sevre"\n/);
  });

  test('--help and --version: on stdout, 0', async () => {
    expect(await behalf(['--help'])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await behalf(['check', '--help'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^usage: behalf check \[--config FILE\]\n/),
    });
    expect(await behalf(['help', 'check'])).toEqual(await behalf(['check', '--help']));
    expect(await behalf(['help', 'chekc'])).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await behalf(['--version'])).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^behalf \d/) });
  });

  test("the repository's command runs by the repository's Node.js, whatever is in PATH", async () => {
    const command = join(import.meta.dirname, '../../packaging/behalf');
    const { stdout, stderr } = await promisify(execFile)(command, ['version'], { env: { PATH: '/usr/bin:/bin' } });
    expect([stdout, stderr]).toEqual([expect.stringMatching(/^behalf \d/), '']);
  });

  const own = Object.entries(COMMANDS).filter(([name]) => name !== 'opa');
  test.each([[], ...own.map(([name]) => [name])])('%s --help has no line that is too long', async (...name) => {
    const { stdout } = await behalf([...name, '--help']);
    expect(stdout.split('\n').filter((line) => line.length >= 100)).toEqual([]);
    expect(stdout).toMatch(/\S\n$/);
  });

  test.each(own)('%s has every option that its help names', async (_, { forms, options, load }) => {
    const run = await load();
    const actions = forms.map((form) => form.match(/^[a-z]+/g) ?? []);
    for (const option of Object.keys(options).filter((each) => each.startsWith('--'))) {
      const [name = '', ...value] = option.split(' ', 2);
      const runs = actions.map((action) =>
        run([...action, name, ...value, '--unknown']).catch(({ message }) => message),
      );
      expect(await Promise.all(runs)).toContainEqual(expect.stringContaining('--unknown'));
    }
  });

  test.each([
    ['an unknown option', ['check', '--confg', 'x'], "Unknown option '--confg'"],
    ['an option without its value', ['check', '--config'], "Option '--config <value>' argument missing"],
    ['a word too many', ['check', 'behalf.yaml'], 'unexpected argument "behalf.yaml"'],
    ['no action', ['service-account'], 'one of create, list, revoke is missing'],
    ['an unknown action', ['service-account', 'delete'], 'there is no action "delete"'],
    [
      'create without an ID',
      ['service-account', 'create'],
      'create needs an ID, as in: behalf service-account create my-app',
    ],
    ['revoke of nothing', ['service-account', 'revoke'], 'revoke needs an ID, or --token with a JTI'],
    ['a lifetime that is none', ['service-account', 'create', 'a', '--expires', '1y'], '--expires takes 90s'],
    ['an ID that is none', ['service-account', 'create', 'a b'], '"a b" is no service account ID'],
  ])('%s: says so, with the usage, and 2', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await behalf(args);
    expect(stderr).toContain(`behalf: ${message}`);
    expect(stderr).toContain(`\nusage: behalf ${args[0]}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

describe('check', () => {
  test('says that all is well', async () => {
    expect(await behalf(['check'])).toEqual({ exitCode: 0, stdout: 'behalf.yaml: ok, 1 route\n', stderr: '' });
  });

  test('prints every problem with its place', async () => {
    const { exitCode, stdout, stderr } = await behalf(['check', '--config', 'wrong.yaml']);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^wrong\.yaml:2:1: .*"adress".*"address"/),
      expect.stringMatching(/^wrong\.yaml:4:5: .*"nmae".*"name"/),
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  });

  test('prints those of policies too', async () => {
    const { exitCode, stderr } = await behalf(['check', '--config', 'wrong-policy.yaml']);
    expect(stderr).toMatch(/^wrong-policy\.yaml:10:15: .*"domian".*"domain"/);
    expect(exitCode).toBe(1);
  });

  test('prints warnings as such, and succeeds', async () => {
    const { exitCode, stderr } = await behalf(['check', '--config', 'warned.yaml']);
    expect(stderr).toMatch(/^warned\.yaml:10:23: warning: /);
    expect(exitCode).toBe(0);
  });

  test('a file that is not there', async () => {
    const { exitCode, stderr } = await behalf(['check', '--config', 'none.yaml']);
    expect(stderr).toMatch(/^none\.yaml:1:1: /);
    expect(exitCode).toBe(1);
  });
});

test('rego prints the policies with their places', async () => {
  const { exitCode, stdout } = await behalf(['rego']);
  expect(stdout).toContain('criteria.domain({"is": "companydomain.com"}), # behalf.yaml:10:15\n');
  expect(exitCode).toBe(0);
});

test('decide answers a line with a line, and goes on after a bad one', async () => {
  const caller = { type: 'user', id: 'u', email: 'a@companydomain.com' };
  const lines = [{ route: 'App', caller }, { route: 'App' }, { route: 'nowhere' }, { route: 'App', caller: 'me' }];
  const input = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"half":\n\n`;
  const { exitCode, stdout } = await behalf(['decide'], input);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { allow: true, status: 200, reasons: ['domain-ok'] },
    { allow: false, status: 401, reasons: ['user-unauthenticated'], request_headers: [] },
    { allow: false, status: 404, reasons: ['route-not-found'] },
    { error: expect.stringContaining('caller') },
    { error: expect.any(String) },
  ]);
  expect(exitCode).toBe(1);
});

test('decide takes every line that JSON allows, and writes none that moves a cursor', async () => {
  const lines = [
    '{"route":"App\u2028\u009b"}',
    `{"route":"${'x'.repeat(2 ** 20)}"}`,
    '{"\u2029\u202e":1}',
    '{"route":"App"}',
  ];
  const { stdout, exitCode } = await behalf(['decide'], `${lines.join('\r\n')}\n`);
  const results = stdout.trimEnd().split('\n');
  expect(results.map((line) => JSON.parse(line))).toMatchObject([
    { status: 404 },
    { error: 'the line is longer than 1 MiB' },
    { error: expect.stringContaining('\u2029\u202e') },
    { status: 401 },
  ]);
  expect(results.join('')).not.toMatch(/[\p{Cc}\u2028-\u202e]/u);
  expect(exitCode).toBe(1);
});

test('service-account: create prints the token alone, list knows it, revoke ends it', async () => {
  const created = await behalf(['service-account', 'create', 'api-access', '--expires', '12h']);
  expect(created).toMatchObject({
    exitCode: 0,
    stderr: '',
    stdout: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/),
  });
  const rows = async () =>
    (await behalf(['service-account', 'list'])).stdout
      .trim()
      .split('\n')
      .map((row) => row.split('\t'));
  const [head, account] = await rows();
  expect(head).toEqual(['ID', 'JTI', 'CREATED', 'EXPIRES', 'REVOKED', 'SERVES', 'CARRIES']);
  expect(account).toMatchObject({ 0: 'api-access', 4: '-' });
  expect(JSON.stringify(account)).not.toContain(created.stdout.trim());

  expect(await behalf(['service-account', 'revoke', 'nobody'])).toMatchObject({ exitCode: 2 });
  expect(await behalf(['service-account', 'revoke', '--token', account?.[1] ?? ''])).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: 'revoked: 1 token\n',
  });
  expect((await rows())[1]?.[4]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test('serve says why it cannot listen', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address() as { port: number };
  await writeFile(join(folder, 'taken.yaml'), CONFIG.replace(':0', `:${address.port}`));
  const { exitCode, stderr } = await behalf(['serve', '--config', 'taken.yaml']);
  expect(stderr).toContain(`behalf: cannot listen on 127.0.0.1:${address.port}: `);
  expect(exitCode).toBe(1);
  taken.close();
});
