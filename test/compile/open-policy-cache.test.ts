import { createSecretKey, randomBytes } from 'node:crypto';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPolicyCache, type PolicyCache } from '../../src/compile/open-policy-cache.ts';

const KEY = createSecretKey(randomBytes(32));
const HASH = 'ab'.repeat(32);
const WASM = Buffer.from('\0asm and the rest');
const hashOf = (n: number) => n.toString(16).padStart(64, '0');

let parent: string;
let folder: string;
let path: string;
let warnings: string[];
let cache: PolicyCache;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'behalf-cache-'));
  folder = join(parent, 'cache');
  path = join(folder, `${HASH}.wasm`);
  warnings = [];
  cache = openPolicyCache(folder, KEY, (message) => warnings.push(message));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

test('what was put is found, by this hash alone', async () => {
  expect(await cache.find(HASH)).toBeNull();
  await cache.put(HASH, WASM);
  expect(await cache.find(HASH)).toEqual(WASM);
  expect(await cache.find(hashOf(1))).toBeNull();
  expect(warnings).toEqual([]);
});

test('another process finds it, with the same key', async () => {
  await cache.put(HASH, WASM);
  expect(await openPolicyCache(folder, KEY, (message) => warnings.push(message)).find(HASH)).toEqual(WASM);
  const stranger = openPolicyCache(folder, createSecretKey(randomBytes(32)), (message) => warnings.push(message));
  expect(await stranger.find(HASH)).toBeNull();
  expect(warnings).toEqual([
    expect.stringMatching(/is compiled anew: it is damaged, or nothing that was put there with/),
  ]);
});

test('folder and file are for this user alone, whatever the umask, and no draft stays', async () => {
  const umask = process.umask(0);
  try {
    await cache.put(HASH, WASM);
  } finally {
    process.umask(umask);
  }
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual([`${HASH}.wasm`]);
});

describe('a file that is not taken, until it is put anew', () => {
  const flip = async (at: number) => {
    const bytes = await readFile(path);
    bytes[at < 0 ? bytes.length + at : at] = (bytes.at(at) ?? 0) ^ 1;
    await writeFile(path, bytes);
  };
  const cases: Record<string, [() => Promise<unknown>, RegExp]> = {
    'a bit of the module is flipped': [() => flip(-1), /damaged/],
    'a bit of the seal is flipped': [() => flip(0), /damaged/],
    'cut short': [() => truncate(path, 40), /damaged/],
    'cut within the seal': [() => truncate(path, 31), /damaged/],
    empty: [() => truncate(path, 0), /damaged/],
    'with a byte more': [() => writeFile(path, '!', { flag: 'a' }), /damaged/],
    'of another hash': [
      async () => {
        await cache.put(hashOf(1), WASM);
        await writeFile(path, await readFile(join(folder, `${hashOf(1)}.wasm`)));
      },
      /damaged/,
    ],
    'open to others': [() => chmod(path, 0o640), /not a file of this user's alone/],
    'larger than the whole cache may be': [() => truncate(path, 2 ** 28 + 1), /too large/],
  };
  test.each(Object.entries(cases))('%s', async (_, [harm, why]) => {
    await cache.put(HASH, WASM);
    await harm();
    expect(await cache.find(HASH)).toBeNull();
    expect(warnings).toEqual([expect.stringMatching(why)]);
    expect(warnings[0]).toContain(path);
    await cache.put(HASH, WASM);
    expect(await cache.find(HASH)).toEqual(WASM);
  });
});

describe("a folder that is not this user's alone is refused, for reading and writing", () => {
  const cases: Record<string, () => Promise<unknown>> = {
    'open to others': () => mkdir(folder, { mode: 0o755 }),
    'a symbolic link': async () => {
      await mkdir(join(parent, 'elsewhere'), { mode: 0o700 });
      await symlink(join(parent, 'elsewhere'), folder);
    },
    'a file': () => writeFile(folder, '', { mode: 0o600 }),
  };
  test.each(Object.entries(cases))('%s', async (_, make) => {
    await make();
    const refusal = {
      code: 'ERR_STATE_UNUSABLE',
      message: `"${folder}" is not a folder of this user's alone: remove it`,
    };
    await expect(cache.find(HASH)).rejects.toMatchObject(refusal);
    await expect(cache.put(HASH, WASM)).rejects.toMatchObject(refusal);
  });
});

test('what cannot be written is a warning', async () => {
  await rm(parent, { recursive: true });
  await cache.put(HASH, WASM);
  expect(warnings).toEqual([`"${folder}" cannot be written to, and the next start compiles: ENOENT`]);
});

describe('bounds', () => {
  test('the newest 16 stay, and drafts of a crash go with the rest', async () => {
    const draft = `${HASH}.draft`;
    await cache.put(hashOf(0), WASM);
    await writeFile(join(folder, draft), '');
    await writeFile(join(folder, '.gitignore'), '');
    for (const name of [draft, `${hashOf(0)}.wasm`]) await utimes(join(folder, name), 1, 1);
    for (let n = 1; n <= 18; n += 1) {
      await cache.put(hashOf(n), WASM);
      await utimes(join(folder, `${hashOf(n)}.wasm`), n + 1, n + 1);
    }
    const names = (await readdir(folder)).sort();
    expect(names).toEqual(['.gitignore', ...Array.from({ length: 16 }, (_, n) => `${hashOf(n + 3)}.wasm`)]);
    expect(warnings).toEqual([]);
  });

  test('of those that are too large together the oldest go', async () => {
    for (const n of [1, 2]) {
      await cache.put(hashOf(n), WASM);
      await truncate(join(folder, `${hashOf(n)}.wasm`), 2 ** 27);
      await utimes(join(folder, `${hashOf(n)}.wasm`), n, n);
    }
    await cache.put(hashOf(3), WASM);
    expect((await readdir(folder)).sort()).toEqual([2, 3].map((n) => `${hashOf(n)}.wasm`));
  });
});
