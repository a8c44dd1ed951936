import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tryCommands } from './try-commands.ts';

const PACKAGE = join(import.meta.dirname, '../../dist/npm');

let folder: string;
let main: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'behalf-npm-'));
  const npm = (...args: string[]) => execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  const archive = npm('pack', PACKAGE, '--silent').trim();
  npm('install', `./${archive}`, '--offline', '--no-audit', '--no-fund');
  main = join(folder, 'node_modules/.bin/behalf');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

tryCommands(() => [process.execPath, main]);

test('it needs nothing but Node, and does not say where it was built', () => {
  const installed = join(folder, 'node_modules/behalf');
  const { dependencies, bin, engines } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect({ dependencies, bin, engines }).toEqual({
    dependencies: undefined,
    bin: { behalf: 'lib/main.js' },
    engines: { node: '>=26' },
  });
  const found = spawnSync('grep', ['-rlF', join(PACKAGE, '../..'), installed], { encoding: 'utf8' });
  expect(found).toMatchObject({ status: 1, stdout: '' });
});

test('an older Node is told which one is needed', () => {
  const older = `Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } })`;
  const run = spawnSync(process.execPath, ['--import', `data:text/javascript,${older}`, main, 'check'], {
    encoding: 'utf8',
  });
  expect(run).toMatchObject({ status: 1, stdout: '' });
  expect(run.stderr).toMatch(/^behalf needs Node\.js 26 or later, and this is v\d+\.\d+\.\d+\n$/);
});
