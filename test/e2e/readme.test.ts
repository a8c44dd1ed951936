import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';

const ROOT = join(import.meta.dirname, '../..');
const PATH = `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH']}`;

/** The shell blocks of a page, in their order. */
async function readCommands(page: string): Promise<string[]> {
  const text = await readFile(join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block ?? '');
}

/** What a user who types the commands into one shell sees on stdout. Rejects where one of them fails. */
async function type(commands: string): Promise<string> {
  const script = `set -eu\ntrap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n${commands}`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: ROOT, env: { ...process.env, PATH } });
  return stdout;
}

test('the two commands of the README are targets of the Makefile', async () => {
  const [make = ''] = await readCommands('README.md');
  const targets = make.trim().split('\n');
  expect(targets).toEqual(['make demo ARGS=--once', 'make test']);
  await type(targets.map((command) => command.replace('make', 'make --dry-run')).join('\n'));
});

test('the first configuration of the README works as it stands', async () => {
  const [, configure = '', start = '', ask = ''] = await readCommands('README.md');
  const ports = { 8080: await freePort(), 9000: await freePort() };
  const wait = 'until curl -sf http://127.0.0.1:8080/ping > /dev/null; do sleep 0.1; done\n';
  const script = [configure, start, wait, ask]
    .join('\n')
    .replace(/8080|9000/g, (port) => String(ports[port as '8080']));
  const stdout = await type(script);
  expect(stdout).toContain('behalf.yaml: ok, 1 route\n');
  expect(stdout).toContain('criteria.user({"is": "hello-client"}), # behalf.yaml:');
  expect(stdout).toMatch(/"status":401,.*"user-unauthenticated"/);
  expect(stdout).toMatch(/"x-pomerium-jwt-assertion": "ey/);
  expect(stdout).not.toContain('Bearer');
});

test('the commands of the page on policies work as they stand', async () => {
  const stdout = await type((await readCommands('docs/policy.md')).join('\n'));
  expect(JSON.parse(stdout)).toMatchObject({ allow: true, reasons: ['domain-ok'] });
});
