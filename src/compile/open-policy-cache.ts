import { createHmac, type KeyObject, randomUUID, timingSafeEqual } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BehalfError } from '../errors.ts';

/** Compiled policies, each by the SHA-256, in hexadecimal, of all that it was made of. */
export interface PolicyCache {
  /** The WASM module that was put under this hash, if it is there, whole and ours; else null. */
  find(hash: string): Promise<Uint8Array | null>;
  /** Keeps it if it can: a disk that is full or read-only is a warning. */
  put(hash: string, wasm: Uint8Array): Promise<void>;
}

const MAC_BYTES = 32;
const MAX_FILES = 16;
const MAX_BYTES = 256 * 2 ** 20;
/** A symbolic link is not followed, and a pipe not waited for. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * The cache in `folder`, which is made when there is something to put; its parent is there, and private. A file is an
 * HMAC-SHA256 under `key` of its hash and its module, then the module. `warn` is told of every file that is passed over.
 *
 * Both calls reject with ERR_STATE_UNUSABLE where the folder is not this user's alone: DESIGN has the start refused then.
 */
export function openPolicyCache(folder: string, key: KeyObject, warn: (message: string) => void): PolicyCache {
  const pathOf = (hash: string) => join(folder, `${hash}.wasm`);
  const seal = (hash: string, wasm: Uint8Array) => createHmac('sha256', key).update(hash, 'hex').update(wasm).digest();

  async function load(hash: string): Promise<Uint8Array> {
    await using file = await open(pathOf(hash), READ);
    const stats = await file.stat();
    if (!stats.isFile() || !isPrivate(stats)) throw new Error("it is not a file of this user's alone");
    if (stats.size > MAX_BYTES) throw new Error('it is too large');
    const bytes = await file.readFile();
    const mac = bytes.subarray(0, MAC_BYTES);
    const wasm = bytes.subarray(MAC_BYTES);
    if (mac.length < MAC_BYTES || !timingSafeEqual(mac, seal(hash, wasm))) {
      throw new Error('it is damaged, or nothing that was put there with this shared_secret');
    }
    return wasm;
  }

  async function store(hash: string, wasm: Uint8Array): Promise<void> {
    const draft = join(folder, `${hash}.${randomUUID()}`);
    try {
      await writeFile(draft, Buffer.concat([seal(hash, wasm), wasm]), { flag: 'wx', mode: 0o600 });
      await rename(draft, pathOf(hash));
    } finally {
      await rm(draft, { force: true });
    }
  }

  return {
    async find(hash) {
      await checkFolder(folder);
      try {
        return await load(hash);
      } catch (error) {
        if (!isErrno(error, 'ENOENT')) warn(`${JSON.stringify(pathOf(hash))} is compiled anew: ${reasonOf(error)}`);
        return null;
      }
    },
    async put(hash, wasm) {
      try {
        await makeFolder(folder);
        await checkFolder(folder);
        await store(hash, wasm);
        await prune(folder);
      } catch (error) {
        if (error instanceof BehalfError) throw error;
        warn(`${JSON.stringify(folder)} cannot be written to, and the next start compiles: ${reasonOf(error)}`);
      }
    },
  };
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
}

/** One that is missing is none of anybody else's. */
async function checkFolder(folder: string): Promise<void> {
  const stats = await lstat(folder).catch(() => null);
  if (stats === null || (stats.isDirectory() && isPrivate(stats))) return;
  const shown = JSON.stringify(folder);
  throw new BehalfError('ERR_STATE_UNUSABLE', `${shown} is not a folder of this user's alone: remove it`);
}

function isPrivate({ uid, mode }: Stats): boolean {
  return uid === process.geteuid?.() && (mode & 0o077) === 0;
}

/** Removes all but the newest; drafts that a crash left behind grow old too. */
async function prune(folder: string): Promise<void> {
  const paths = (await readdir(folder))
    .filter((name) => /^[0-9a-f]{64}\./.test(name))
    .map((name) => join(folder, name));
  const files = await Promise.all(paths.map(async (path) => ({ path, stats: await lstat(path) })));
  files.sort((one, other) => other.stats.mtimeMs - one.stats.mtimeMs);
  let bytes = 0;
  for (const [index, { path, stats }] of files.entries()) {
    bytes += stats.size;
    if (index >= MAX_FILES || bytes > MAX_BYTES) await rm(path, { force: true });
  }
}

function isErrno(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
}
