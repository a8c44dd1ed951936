import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { writeLine } from '../../src/decision-log/write-line.ts';
import { inputOf } from '../compile/input-of.ts';
import { runBehalf } from '../support/run-behalf.ts';

const folder = await mkdtemp(join(tmpdir(), 'behalf-explain-'));
afterAll(() => rm(folder, { recursive: true }));

const CONFIG = `address: :0
insecure_server: true
routes:
  - name: App
    from: http://app.localhost
    to: http://127.0.0.1:9
    policy:
      allow:
        and:
          - domain: x.com
          - groups: { has: staff }
          - claim/level: 3
`;
await writeFile(join(folder, 'behalf.yaml'), CONFIG);
const explain = (args: readonly string[], input = '') => runBehalf(['explain', ...args], { cwd: folder, input });
const URL = 'http://app.localhost/';

const input = inputOf('r7', { caller: { id: 'ada', email: 'ada@x.com' } });
const logged = (requestId: string, route: string): string =>
  writeLine(
    {
      requestId,
      input: { ...input, route: { id: 'r7', name: route } },
      decision: { allow: true, status: 200, reasons: [], request_headers: [], response_headers: [] },
    },
    { request: [], headers: [], claims: [] },
    { headers: [], claims: [] },
  );
await writeFile(join(folder, 'signing.yaml'), `${CONFIG}    pass_identity_headers: true\n`);
await writeFile(join(folder, 'long'), `\n${' '.repeat(2 ** 20)}1\n`);
await writeFile(join(folder, 'log'), logged('one', 'App') + logged('two', 'App') + logged('three', 'Gone'));

describe('behalf explain', () => {
  test('a request, as text without colours', async () => {
    const { exitCode, stdout, stderr } = await explain(['POST', URL, '--as', 'ada@z.com', '--group', 'staff']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^POST http:\/\/app\.localhost\/\n {2}caller {7}user "ada@z\.com"\n/);
    expect(stdout).toContain('refused with 403  claim-unauthorized, domain-unauthorized\n');
    expect(stdout).toContain(
      '   ├─ false domain: "x.com"  found "ada@z.com"  domain-unauthorized  behalf.yaml:10:13\n',
    );
    expect(stdout).toContain('   ├─ true groups has "staff"  found ["staff"]  groups-ok  behalf.yaml:11:13\n');
  });

  test('a request, as JSON', async () => {
    const person = ['--as', 'ada@x.com', '--id', 'ada', '--group', 'staff', '--claim', 'level:=3'];
    const { stdout } = await explain([URL, ...person, '--header', 'X-A: b', '--ip', '192.0.2.7', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      input: { caller: { id: 'ada' }, request: { headers: { 'x-a': ['b'] }, ip: '192.0.2.7' } },
      decision: { allow: true, status: 200 },
      step: 'allowed',
      route: { name: 'App', position: { line: 4, column: 5 } },
      tree: { allow: { blocks: [{ criteria: [{ key: 'domain', value: true }, {}, { compared: [3] }] }] } },
      changes: { limited: false },
    });
  });

  test('the lines of a decision log, the route by its name', async () => {
    const { stdout, stderr, exitCode } = await explain(['--line', 'log', '--json']);
    const [first, ...others] = stdout.trimEnd().split('\n');
    expect(others).toHaveLength(1);
    expect(JSON.parse(first ?? '')).toMatchObject({ route: { id: 'r0', name: 'App' }, step: 'not-allowed' });
    expect(stderr).toBe('log:3:1: this configuration has no route "Gone"\n');
    expect(exitCode).toBe(1);
  });

  test('one line of it', async () => {
    const { stdout } = await explain(['--line', 'log', '--request-id', 'two', '--json']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  test('an input document on stdin', async () => {
    const { stdout } = await explain(['--line', '-', '--json'], '{"route":"App","caller":{"email":"a@x.com"}}\n');
    expect(JSON.parse(stdout)).toMatchObject({ route: { id: 'r0' }, step: 'not-allowed' });
  });

  test('what the proxy refuses though the policy allows it', async () => {
    const request = [URL, '--as', 'ada@x.com', '--group', 'staff', '--group', 'x'.repeat(8000), '--claim', 'level:=3'];
    const message = /^\d+ bytes of headers are to be added, and 8192 are the limit: x-pomerium-jwt-assertion \d+$/;
    const refusal = { status: 431, error: 'headers-too-large', reasons: ['headers-too-large'] };
    expect(JSON.parse((await explain([...request, '--json', '--config', 'signing.yaml'])).stdout)).toMatchObject({
      decision: { allow: true },
      refusal: { ...refusal, message: expect.stringMatching(message) },
    });
    const { stdout } = await explain([...request, '--config', 'signing.yaml']);
    expect(stdout).toMatch(
      /\n\nthe proxy refuses it all the same with 431: \d+ bytes of headers are to be added.*\n\n$/,
    );
    expect(JSON.parse((await explain([...request, '--json'])).stdout)).toMatchObject({ refusal: null });
  });

  test('nothing that a log holds is a command to a terminal, or a line of its own', async () => {
    const hostile = '\n\u001b]0;a\u0007\u009b2J\u2028\u202e';
    const line = logged('one', 'App');
    const { input } = JSON.parse(line);
    const written: Readonly<Record<string, object>> = {
      masked: { ...JSON.parse(line), masked: [`caller.claims.${hostile}`] },
      request: { ...input, route: 'App', request: { method: hostile, host: hostile, path: hostile } },
      key: { ...input, [hostile]: 1 },
    };
    // As JSON allows it: without its escapes.
    const log = Object.values(written).map((each) => JSON.stringify(each).replaceAll('\\n', '\\u000a'));
    const run = await explain(['--line', '-'], `${log.join('\n')}\n`);
    const json = await explain(['--line', '-', '--json'], log[1]);
    const said = 'a\\u0007\\u009b2J\\u2028\\u202e';
    expect(run.stderr).toContain(`stood in caller.claims.\\n\\u001b]0;${said}\n`);
    expect(run.stderr).toMatch(/^stdin:3:1: not an input document: .*\\u001b\]0;a.*\n/m);
    expect(run.stdout).toContain(`\n\\n\\u001b]0;${said} http://`);
    for (const text of [run.stdout, run.stderr, json.stdout]) {
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
    }
    expect(JSON.parse(json.stdout)).toMatchObject({ input: { request: { method: hostile } } });
  });

  const WRONG: Readonly<Record<string, [args: readonly string[], exitCode: number, message: string]>> = {
    'wrong usage': [['--line', 'log', '--as', 'a'], 2, '--line says what the request was: leave out "as"'],
    'a path that the proxy refuses': [
      [`${URL}%2F`, '--as', 'a'],
      1,
      'the proxy refuses this request with 400, and asks no policy: the path can be read in more than one way',
    ],
    'a file that is missing': [
      ['--line', 'none'],
      1,
      'behalf: none: cannot be read: no such file or directory (ENOENT)\n',
    ],
    'a line that is far too long': [['--line', 'long'], 1, 'long:2:1: the line is longer than 1 MiB\n'],
  };
  test.each(Object.entries(WRONG))('refuses %s', async (_, [args, exitCode, message]) => {
    const run = await explain(args);
    expect(run).toMatchObject({ exitCode, stdout: '' });
    expect(run.stderr).toContain(message);
  });
});
