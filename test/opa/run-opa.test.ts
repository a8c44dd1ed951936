import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runBehalf } from '../support/run-behalf.ts';

const source = join(import.meta.dirname, '../../src');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'behalf-opa-'));
  await writeFile(join(folder, 'good.rego'), 'package a\n\nx := input.y\n\ntest_x if x == 1 with input.y as 1\n');
  await mkdir(join(folder, 'bad'));
  await writeFile(join(folder, 'bad', 'bad.rego'), 'package b\n\ntest_x if 1 == 2\n');
});

afterAll(() => rm(folder, { recursive: true }));

const cases: Record<string, { args: string[]; input?: string; exitCode: number; stdout: RegExp; stderr?: RegExp }> = {
  'the version that go.mod pins': { args: ['version'], exitCode: 0, stdout: /^Version: 1\.22\.2$/m },
  'a relative path': { args: ['test', 'good.rego'], exitCode: 0, stdout: /^PASS: 1\/1$/m },
  'a test that fails': { args: ['test', 'bad'], exitCode: 2, stdout: /^FAIL: 1\/1$/m },
  'standard input': {
    args: ['eval', '--stdin-input', '--format', 'raw', '--data', 'good.rego', 'data.a.x'],
    input: '{"y": "from stdin"}',
    exitCode: 0,
    stdout: /^from stdin$/m,
  },
  'the line-by-line REPL': { args: ['run'], input: '1 + 1\n', exitCode: 0, stdout: /^2$/m },
  'an unknown command': { args: ['bogus'], exitCode: 1, stdout: /^$/, stderr: /unknown command "bogus" for "opa"/ },
  'os.Exit in the middle': {
    args: ['test', '--threshold', '101', '.'],
    exitCode: 1,
    stdout: /^$/,
    stderr: /threshold/,
  },
};

test.for(Object.entries(cases))('%s', async ([, { args, input, exitCode, stdout, stderr }]) => {
  const run = await runBehalf(['opa', ...args], { cwd: folder, ...(input !== undefined && { input }) });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({
    exitCode,
    stderr: stderr ? expect.stringMatching(stderr) : '',
  });
  expect(run.stdout).toMatch(stdout);
});

test('files are written', async () => {
  await writeFile(join(folder, 'ugly.rego'), 'package   ugly\nx  := 1');
  expect(await runBehalf(['opa', 'fmt', '--write', 'ugly.rego'], { cwd: folder })).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
  expect(await readFile(join(folder, 'ugly.rego'), 'utf8')).toBe('package ugly\n\nx := 1\n');
});

test('without the built file, how to get it', async () => {
  const root = join(folder, 'elsewhere');
  await cp(join(source, 'opa'), join(root, 'src', 'opa'), { recursive: true, filter: (path) => !path.endsWith('/go') });
  for (const file of ['assets.ts', 'errors.ts', 'escape-controls.ts'])
    await cp(join(source, file), join(root, 'src', file));
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  const { runOpa } = await import(join(root, 'src', 'opa', 'run-opa.ts'));
  await expect(runOpa(['version'])).rejects.toMatchObject({
    code: 'ERR_OPA_FAILED',
    message: 'build/opa.wasm is missing: run make build/opa.wasm',
  });
});
