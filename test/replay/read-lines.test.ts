import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { readLines } from '../../src/replay/read-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'behalf-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

function linesOf(name: string, content: string | Buffer): Promise<[number, string | null][]> {
  const file = join(folder, name);
  writeFileSync(file, content);
  return collect(file);
}

async function collect(file: string): Promise<[number, string | null][]> {
  const lines: [number, string | null][] = [];
  for await (const { number, text } of readLines(file)) lines.push([number, text?.slice(0, 10) ?? null]);
  return lines;
}

const LONG = 'x'.repeat(2 ** 20);
const files: Record<string, [content: string | Buffer, lines: [number, string | null][]]> = {
  'no lines': ['', []],
  one: ['a\n', [[1, 'a']]],
  'one without its end': [
    'a\nb',
    [
      [1, 'a'],
      [2, 'b'],
    ],
  ],
  'empty ones between': [
    '\na\r\n \n\nb\n',
    [
      [2, 'a'],
      [5, 'b'],
    ],
  ],
  'one that is as long as a line may be': [
    `${LONG}\na\n`,
    [
      [1, LONG.slice(0, 10)],
      [2, 'a'],
    ],
  ],
  'one that is longer': [
    `a\n${LONG}x\nb\n`,
    [
      [1, 'a'],
      [2, null],
      [3, 'b'],
    ],
  ],
  'nothing but a long one': [LONG.repeat(3), [[1, null]]],
  'characters across chunks': [`${'é'.repeat(50_000)}\n`, [[1, 'é'.repeat(10)]]],
};
test.each(Object.entries(files))('%s', async (_, [content, lines]) => {
  expect(await linesOf('log', content)).toEqual(lines);
  expect(await linesOf('log.gz', gzipSync(content))).toEqual(lines);
});

const unreadable: Record<string, [name: string, content: Buffer | null, why: string]> = {
  'a file that is missing': ['missing', null, 'ENOENT'],
  'a packed file that is missing': ['missing.gz', null, 'ENOENT'],
  'a folder': ['.', null, 'EISDIR'],
  'half a packed file': ['half.gz', gzipSync(LONG).subarray(0, 40), 'unexpected end of file'],
  'what is not packed': ['plain.gz', Buffer.from('a\n'), 'incorrect header check'],
};
test.each(Object.entries(unreadable))('%s', async (_, [name, content, why]) => {
  const file = join(folder, name);
  if (content !== null) writeFileSync(file, content);
  await expect(collect(file)).rejects.toMatchObject({
    code: 'ERR_LOG_UNREADABLE',
    message: expect.stringMatching(`^${file}: cannot be read: .*${why}`),
  });
});
