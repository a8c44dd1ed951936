import { chmod, link, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { openJournal } from '../../src/decision-log/open-journal.ts';
import { createLog } from '../../src/log.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((each) => rm(each, { recursive: true }))));

let folder: string;
let path: string;
let logged: Record<string, unknown>[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'behalf-journal-'));
  folders.push(folder);
  path = join(folder, 'd.jsonl');
  logged = [];
});

const stream = new Writable({
  write(chunk, _, done) {
    for (const line of String(chunk).split('\n').slice(0, -1)) logged.push(JSON.parse(line));
    done();
  },
});
const log = createLog(stream);
const fileOf = ({ maxBytes = 2 ** 20, keep = 4 } = {}) => ({ path, maxBytes, keep });

/** Appends the lines of a journal of its own, and waits until they are written. */
async function append(file: ReturnType<typeof fileOf>, ...lines: string[]): Promise<void> {
  await using journal = openJournal(log);
  for (const line of lines) journal.append(file, line);
}

const modeOf = async (file: string): Promise<string> => ((await stat(file)).mode & 0o777).toString(8);

test('lines come in order, in a file for its owner alone', async () => {
  await append(fileOf(), 'a\n', 'b\n');
  await append(fileOf(), 'c\n');
  expect(await readFile(path, 'utf8')).toBe('a\nb\nc\n');
  expect(await modeOf(path)).toBe('600');
  expect(logged).toEqual([]);
});

test('a file that others may read is closed to them', async () => {
  await writeFile(path, 'a\n');
  await chmod(path, 0o644);
  await append(fileOf(), 'b\n');
  expect(await modeOf(path)).toBe('600');
  expect(await readFile(path, 'utf8')).toBe('a\nb\n');
});

test('a line that was left half ends before the next begins', async () => {
  await writeFile(path, 'a\nhal');
  await append(fileOf(), 'b\n');
  expect(await readFile(path, 'utf8')).toBe('a\nhal\nb\n');
});

const line = (round: number): string => `${String(round).padStart(2, '0')}${'x'.repeat(197)}\n`;

const rotations: Record<string, [keep: number, names: string[]]> = {
  'none is kept': [0, ['d.jsonl']],
  'one is kept': [1, ['d.jsonl', 'd.jsonl.1']],
  'three are kept': [3, ['d.jsonl', 'd.jsonl.1', 'd.jsonl.2', 'd.jsonl.3']],
};
test.each(Object.entries(rotations))('no file gets longer than it may, and %s', async (_, [keep, names]) => {
  for (let round = 0; round < 50; round += 1) await append(fileOf({ maxBytes: 1000, keep }), line(round));
  expect((await readdir(folder)).toSorted()).toEqual(names);
  for (const name of names) {
    expect((await stat(join(folder, name))).size).toBeLessThanOrEqual(1000);
    expect(await modeOf(join(folder, name))).toBe('600');
  }
  const texts = await Promise.all(names.toReversed().map((name) => readFile(join(folder, name), 'utf8')));
  const numbers = texts
    .join('')
    .split('\n')
    .slice(0, -1)
    .map((text) => Number(text.slice(0, 2)));
  expect(numbers).toEqual(Array.from(numbers, (_, at) => 50 - numbers.length + at));
  expect(numbers.length).toBeGreaterThan(5 * keep);
});

const fill = async (keep: number, rounds: number): Promise<void> => {
  for (let round = 0; round < rounds; round += 1) await append(fileOf({ maxBytes: 1000, keep }), line(round));
};

const lowered: Record<string, [keep: number, names: string[]]> = {
  'to none': [0, ['d.jsonl', 'd.jsonl.2026', 'd.jsonl.4']],
  'to one': [1, ['d.jsonl', 'd.jsonl.1', 'd.jsonl.2026', 'd.jsonl.4']],
  'to three': [3, ['d.jsonl', 'd.jsonl.1', 'd.jsonl.2', 'd.jsonl.2026', 'd.jsonl.3', 'd.jsonl.4']],
};
test.each(Object.entries(lowered))('files that are too many go when fewer are kept: %s', async (_, [keep, names]) => {
  // Whose numbers are none of ours, and a folder is not removed.
  await writeFile(`${path}.2026`, 'kept');
  await mkdir(`${path}.4`);
  await fill(5, 50);
  expect(await readdir(folder)).toContain('d.jsonl.5');
  await fill(keep, 6);
  expect((await readdir(folder)).toSorted()).toEqual(names);
  expect(logged).toEqual([]);
});

const inTheWay: Record<string, [numbers: number[], files: string[]]> = {
  'the first': [[1], ['d.jsonl', 'd.jsonl.2']],
  'the last': [[2], ['d.jsonl', 'd.jsonl.1']],
  'all of them': [[1, 2], ['d.jsonl']],
};
test.each(Object.entries(inTheWay))(
  'a folder whose name a file would get stays, and nothing is lost: %s',
  async (_, [numbers, files]) => {
    for (const number of numbers) await mkdir(`${path}.${number}`);
    await fill(2, 20);
    const entries = await readdir(folder, { withFileTypes: true });
    expect(
      entries
        .filter((each) => each.isFile())
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(files);
    expect(logged).toEqual([]);
  },
);

test('many lines at once fill no file beyond its size either', async () => {
  await append(fileOf({ maxBytes: 1000, keep: 100 }), ...Array.from({ length: 50 }, (_, round) => line(round)));
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
  expect(sizes.reduce((one, other) => one + other)).toBe(50 * 200);
  expect(logged).toEqual([]);
});

const FAILED = 'the decision log cannot be written: requests go on, their decisions are lost';

test('where it cannot be written the log says so once, and again how much was lost when it can', async () => {
  path = join(folder, 'later', 'd.jsonl');
  await using journal = openJournal(log);
  const flush = async (text: string) => {
    journal.append(fileOf(), text);
    await journal[Symbol.asyncDispose]();
  };
  await flush('a\n');
  await flush('b\n');
  expect(logged).toEqual([
    expect.objectContaining({
      level: 'error',
      message: FAILED,
      path,
      lost: 1,
      detail: expect.stringContaining('ENOENT'),
    }),
  ]);
  await mkdir(join(folder, 'later'));
  await flush('c\n');
  expect(logged.slice(1)).toEqual([
    expect.objectContaining({ level: 'warn', message: 'the decision log is written again', path, lost: 2 }),
  ]);
  expect(await readFile(path, 'utf8')).toBe('c\n');
});

const unusable: Record<string, [make: () => Promise<unknown>, why: string]> = {
  'a folder': [() => mkdir(path), 'EISDIR'],
  'a hard link': [
    async () => {
      await writeFile(join(folder, 'elsewhere'), '');
      await link(join(folder, 'elsewhere'), path);
    },
    'it is a hard link: the file has another name too',
  ],
  'a symbolic link': [
    async () => {
      await writeFile(join(folder, 'elsewhere'), '');
      await symlink(join(folder, 'elsewhere'), path);
    },
    'ELOOP',
  ],
};
test.each(Object.entries(unusable))('nothing is written to %s', async (_, [make, why]) => {
  await make();
  await append(fileOf(), 'a\n');
  expect(logged).toEqual([expect.objectContaining({ message: FAILED, detail: expect.stringContaining(why) })]);
  expect(await readdir(folder)).not.toContain('d.jsonl.1');
});

test('nothing is written to a device', async () => {
  path = '/dev/null';
  await append(fileOf(), 'a\n');
  expect(logged).toEqual([expect.objectContaining({ message: FAILED, detail: 'it is not a file' })]);
});

test('a line that is longer than it may be is lost alone', async () => {
  await append(fileOf({ maxBytes: 1000 }), 'a\n', `${'x'.repeat(300)}\n`, 'b\n');
  expect(await readFile(path, 'utf8')).toBe('a\nb\n');
  expect(logged).toEqual([
    expect.objectContaining({ message: FAILED, lost: 1, detail: expect.stringContaining('too long') }),
    expect.objectContaining({ message: 'the decision log is written again', lost: 1 }),
  ]);
});

test('what waits for a disk is bounded', async () => {
  const text = `${'x'.repeat(99_999)}\n`;
  await append(fileOf({ maxBytes: 2 ** 30 }), ...Array.from({ length: 200 }, () => text));
  const { size } = await stat(path);
  expect(size).toBeLessThanOrEqual(16 * 2 ** 20);
  expect(size).toBeGreaterThan(15 * 2 ** 20);
  expect(logged.at(-1)).toMatchObject({ lost: 200 - size / text.length });
});
