import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeLine } from '../../src/decision-log/write-line.ts';
import { decidedOf } from '../decision-log/decided-of.ts';
import { runBehalf } from '../support/run-behalf.ts';

const folder = mkdtempSync(join(tmpdir(), 'behalf-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (file: string, domain: string): void => {
  const policy = { allow: { or: [{ domain }] } };
  const routes = [{ name: 'API', from: 'https://app.example.com', to: 'http://127.0.0.1:9', policy }];
  // JSON is YAML.
  writeFileSync(join(folder, file), JSON.stringify({ insecure_server: true, routes }));
};
write('old.yaml', 'example.com');
write('new.yaml', 'example.net');
const alice = decidedOf({ caller: { id: 'alice', email: 'alice@example.com' } }, { reasons: ['domain-ok'] });
writeFileSync(
  join(folder, 'log.jsonl'),
  writeLine(alice, { request: [], headers: [], claims: [] }, { headers: [], claims: [] }),
);

const replay = (args: readonly string[], input = '') => runBehalf(['replay', ...args], { cwd: folder, input });
const TIME = '2023-11-14T22:13:20.123Z';

test('what flips is exit code 1, as text and as JSON', async () => {
  expect(await replay(['old.yaml', 'new.yaml', 'log.jsonl'])).toEqual({
    exitCode: 1,
    stdout: `1 decision of ${TIME} to ${TIME}: 1 flip

route API
  200 domain-ok -> 403 domain-unauthorized
    1  alice <alice@example.com>  ${TIME}  request ${alice.requestId}
`,
    stderr: '',
  });
  const { exitCode, stdout } = await replay(['--json', 'old.yaml', 'new.yaml', 'log.jsonl']);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ flipped: 1, flips: [{ route: 'API', caller: 'alice', decisions: 1 }] });
});

test('JSON holds nothing that a terminal could take for a command', async () => {
  const id = '\u009b2J\u007f\u202ealice\u001b[31m';
  const input = writeLine(
    decidedOf({ caller: { id, email: 'a@example.com' } }),
    { request: [], headers: [], claims: [] },
    { headers: [], claims: [] },
  );
  const { stdout } = await replay(['--json', 'old.yaml', 'new.yaml', '-'], input);
  expect(stdout).toMatch(/^[\n -~]+$/);
  expect(JSON.parse(stdout)).toMatchObject({ flips: [{ caller: id }] });
});

test('a line that is none is exit code 1 too, from standard input', async () => {
  const run = await replay(['old.yaml', 'old.yaml', 'log.jsonl', '-'], 'half a li');
  expect(run).toMatchObject({ exitCode: 1, stderr: '' });
  expect(run.stdout).toMatch(/\n\nlines that are no decisions: 1\n {2}-:1: not JSON\n$/);
});

test('a log of nothing proves nothing, which is exit code 1', async () =>
  expect(await replay(['old.yaml', 'old.yaml', '-'])).toEqual({
    exitCode: 1,
    stdout: '0 decisions: 0 flip\n',
    stderr: '',
  }));

test('nothing flips, which is exit code 0', async () => {
  const stdout = `1 decision of ${TIME} to ${TIME}: 0 flip\n`;
  expect(await replay(['old.yaml', 'old.yaml', 'log.jsonl'])).toEqual({ exitCode: 0, stdout, stderr: '' });
});

const USAGE =
  'behalf: it takes two configurations, the old one first, and at least one decision log\nusage: behalf replay ';
const refused: Record<string, [args: string[], exitCode: number, stderr: string]> = {
  'no log': [['old.yaml', 'new.yaml'], 2, USAGE],
  'a configuration as an option': [['--config', 'old.yaml', 'old.yaml', 'new.yaml', 'log.jsonl'], 2, USAGE],
  'a log that is missing': [
    ['old.yaml', 'new.yaml', 'missing.jsonl'],
    1,
    'behalf: missing.jsonl: cannot be read: no such file or directory (ENOENT)\n',
  ],
  'a configuration that is missing': [
    ['missing.yaml', 'new.yaml', 'log.jsonl'],
    1,
    'missing.yaml:1:1: cannot be read: no such file or directory (ENOENT)\n',
  ],
};
test.each(Object.entries(refused))('refused: %s', async (_, [args, exitCode, stderr]) => {
  const run = await replay(args);
  expect({ ...run, stderr: run.stderr.slice(0, stderr.length) }).toEqual({ exitCode, stdout: '', stderr });
});
