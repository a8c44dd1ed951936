import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runBehalf } from '../support/run-behalf.ts';

const blocks = [...readFileSync('docs/explain.md', 'utf8').matchAll(/```console\n\$ behalf (.*)\n([^`]*)```/g)];

test('docs/explain.md has examples', () => {
  expect(blocks).toHaveLength(2);
});

test.each(blocks.map(([, command = '', output]) => [command, output]))(
  'docs/explain.md: %s',
  async (command, output) => {
    expect(await runBehalf(command.split(' '))).toEqual({ exitCode: 0, stdout: `${output}\n`, stderr: '' });
  },
);
