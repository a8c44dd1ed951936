import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { tryCommands } from './try-commands.ts';

const ROOT = join(import.meta.dirname, '../..');
const BINARY = join(ROOT, 'dist/behalf');

tryCommands(() => [BINARY]);

test('nothing in it tells where it was built', () => {
  expect(readFileSync(BINARY).includes(ROOT)).toBe(false);
});

test('the licences of all that is in it are beside it', () => {
  const notices = readFileSync(join(ROOT, 'dist/THIRD_PARTY'), 'utf8');
  for (const name of [
    ...Object.keys(packageJson.dependencies),
    'node-',
    'github.com/open-policy-agent/opa',
    'Go go1.',
  ]) {
    expect(notices).toMatch(new RegExp(`^${name}.*\\d`, 'm'));
  }
  expect(notices).toContain('Apache License');
});
