import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';

export interface LogFile {
  readonly path: string;
  /** Before it would be longer, it is put aside. */
  readonly maxBytes: number;
  /** How many that were put aside stay, as `path.1`, the youngest, `path.2`, ... */
  readonly keep: number;
}

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;
/** Made where it is missing, never through a symbolic link; a pipe without a reader does not keep us. */
const FLAGS = O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_RDWR;
const MODE = 0o600;

/**
 * Appends whole lines to a file that only this process's user may read, and puts it aside first where it would get too
 * long. A line that an earlier write left half is ended before. Rejects with what the file system says, and an Error where
 * the file is not one of ours.
 */
export async function appendToFile(file: LogFile, lines: Buffer): Promise<void> {
  await using handle = await openOwn(file.path);
  const { size } = await handle.stat();
  if (size > 0 && size + lines.length > file.maxBytes) {
    await rotate(file);
    await using next = await openOwn(file.path);
    await next.writeFile(lines);
    return;
  }
  const isHalf = size > 0 && !(await endsLine(handle, size));
  await handle.writeFile(isHalf ? Buffer.concat([Buffer.from('\n'), lines]) : lines);
}

async function openOwn(path: string): Promise<FileHandle> {
  const handle = await open(path, FLAGS, MODE);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Error('it is not a file');
    // Under another name it may be what somebody else needs unchanged.
    if (stat.nlink > 1) throw new Error('it is a hard link: the file has another name too');
    if (stat.uid !== process.geteuid?.()) throw new Error(`it belongs to user ${stat.uid}`);
    if ((stat.mode & 0o777) !== MODE) await handle.chmod(MODE);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function rotate({ path, keep }: LogFile): Promise<void> {
  const names = [path];
  for (let number = 1; number <= keep; number += 1) {
    const name = `${path}.${number}`;
    // Somebody's folder cannot be written over: its number is left out.
    if ((await findKind(name)) !== 'folder') names.push(name);
  }
  for (let at = names.length - 1; at > 0; at -= 1) {
    await rename(`${names[at - 1]}`, `${names[at]}`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
  if (names.length === 1) await rm(path);
  await removeFrom(path, keep + 1);
}

/** What is left of a time when more were kept. The last one first, so that none stays behind a gap if this is not done. */
async function removeFrom(path: string, number: number): Promise<void> {
  const name = `${path}.${number}`;
  const kind = await findKind(name);
  if (kind === null) return;
  await removeFrom(path, number + 1);
  if (kind === 'file') await rm(name);
}

async function findKind(name: string): Promise<'file' | 'folder' | null> {
  try {
    return (await lstat(name)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function endsLine(handle: FileHandle, size: number): Promise<boolean> {
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}
