import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_TIMEOUT, takeDemoTurn } from '../support/take-demo-turn.ts';

interface Try {
  readonly args: readonly string[];
  readonly input?: string;
  readonly stdout: RegExp;
}

const route = (policy: object) => ({ name: 'api', from: 'http://api.localhost', to: 'http://127.0.0.1:9', policy });
const configOf = (policy: object) =>
  JSON.stringify({ insecure_server: true, address: '127.0.0.1:0', routes: [route(policy)] });
const FILES = {
  'behalf.yaml': configOf([{ allow: { or: [{ domain: 'x.com' }] } }]),
  // On Node's customary stack the compiler cannot do it.
  'long.yaml': configOf([{ allow: { or: [{ user: { in: Array.from({ length: 3000 }, (_, at) => `u${at}`) } }] } }]),
  'a_test.rego': 'package a\n\ntest_x if 1 == 1\n',
};

const COMMANDS: Record<string, Try> = {
  version: { args: ['--version'], stdout: /^behalf \d+\.\d+\.\d+\n$/ },
  check: { args: ['check'], stdout: /^behalf\.yaml: ok, 1 route\n$/ },
  'check of a long list': { args: ['check', '--config', 'long.yaml'], stdout: /^long\.yaml: ok, 1 route\n$/ },
  rego: { args: ['rego'], stdout: /criteria\.domain\({"is": "x\.com"}\)/ },
  decide: {
    args: ['decide'],
    input: '{"route": "api", "caller": {"type": "user", "id": "ann", "email": "ann@x.com"}}\n',
    stdout: /"allow":true/,
  },
  'service-account': { args: ['service-account', 'create', 'app'], stdout: /^ey[\w-]+\.[\w-]+\.[\w-]+\n$/ },
  'opa test': { args: ['opa', 'test', 'a_test.rego'], stdout: /^PASS: 1\/1\n$/ },
  'demo --once': { args: ['demo', '--once'], stdout: /All as expected\./ },
};

/**
 * Runs every command in a folder of its own, with nothing else: no environment, so no PATH, no Node, no Go.
 *
 * @param program where it is, as an absolute path, once the tests run
 */
export function tryCommands(program: () => readonly [string, ...string[]]): void {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'behalf-build-'));
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = (args: readonly string[], input = '') =>
    new Promise((resolve) => {
      const [file, ...first] = program();
      const child = execFile(file, [...first, ...args], { cwd: folder, env: {} }, (error, stdout, stderr) =>
        resolve({ exitCode: error === null ? 0 : error.code, stdout, stderr }),
      );
      child.stdin?.end(input);
    });

  describe('with nothing else', () => {
    test.each(Object.entries(COMMANDS))('%s', DEMO_TIMEOUT, async (_, { args, input, stdout }) => {
      if (args[0] === 'demo') await takeDemoTurn();
      expect(await run(args, input)).toEqual({ exitCode: 0, stdout: expect.stringMatching(stdout), stderr: '' });
    });

    test('nobody but Behalf itself starts the process of the compiler', async () => {
      expect(await run(['compiler-process'])).toEqual({
        exitCode: 2,
        stdout: '',
        stderr: expect.stringMatching(/^behalf: there is no command "compiler-process"\n/),
      });
    });
  });
}
