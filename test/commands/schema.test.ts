import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { runBehalf } from '../support/run-behalf.ts';
import { BEHALF } from '../support/start-behalf.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('behalf schema prints', () => {
  const FILES: Readonly<Record<string, string>> = {
    '': 'schema/behalf.schema.json',
    config: 'schema/behalf.schema.json',
    input: 'policy/schema/input.json',
    decision: 'policy/schema/decision.json',
  };
  test.each(Object.entries(FILES))('%j: %s', async (name, file) => {
    const { stdout, exitCode } = await runBehalf(['schema', ...(name === '' ? [] : [name])]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(await readFile(join(ROOT, file), 'utf8'));
  });

  test('nothing else, which is wrong usage', async () => {
    const { stdout, stderr, exitCode } = await runBehalf(['schema', 'route']);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toContain('usage: behalf schema');
  });

  test('no error to a reader who has enough', async () => {
    const [program, ...args] = BEHALF;
    const script = 'set -o pipefail; "$@" schema | head -c 1';
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script, 'bash', program, ...args]);
    expect({ stdout, stderr }).toEqual({ stdout: '{', stderr: '' });
  });
});
