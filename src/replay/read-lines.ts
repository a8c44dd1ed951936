import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { getSystemErrorMessage } from 'node:util';
import { createGunzip } from 'node:zlib';
import { BehalfError } from '../errors.ts';

export interface ReadLine {
  /** Counted from 1. */
  readonly number: number;
  /** Without its end; null where it is longer than any line of a decision log. */
  readonly text: string | null;
}

/** The proxy writes none that is longer than 256 KiB. */
const MAX_LINE_BYTES = 2 ** 20;
const NEWLINE = 0x0a;

/**
 * Reads a file's lines that are not empty, one after the other, in bounded memory; `-` is standard input, and a name that
 * ends in `.gz` is a file of gzip. Throws ERR_LOG_UNREADABLE.
 */
export async function* readLines(file: string): AsyncGenerator<ReadLine> {
  let number = 0;
  let parts: Buffer[] = [];
  let length = 0;
  const end = (): ReadLine | null => {
    number += 1;
    const text = length > MAX_LINE_BYTES ? null : Buffer.concat(parts).toString('utf8').trim();
    parts = [];
    length = 0;
    return text === '' ? null : { number, text };
  };
  for await (const chunk of readChunks(file)) {
    let start = 0;
    while (start < chunk.length) {
      const found = chunk.indexOf(NEWLINE, start);
      const stop = found < 0 ? chunk.length : found;
      length += stop - start;
      if (length <= MAX_LINE_BYTES) parts.push(chunk.subarray(start, stop));
      if (found >= 0) {
        const line = end();
        if (line !== null) yield line;
      }
      start = stop + 1;
    }
  }
  const last = end();
  if (last !== null) yield last;
}

async function* readChunks(file: string): AsyncGenerator<Buffer> {
  try {
    yield* open(file);
  } catch (cause) {
    const { message, code, errno } = cause as NodeJS.ErrnoException;
    // Messages of the file system name the file themselves, those of gunzip have a number of their own.
    const why = errno === undefined || code?.startsWith('Z_') ? message : `${getSystemErrorMessage(errno)} (${code})`;
    throw new BehalfError('ERR_LOG_UNREADABLE', `${file}: cannot be read: ${why}`, { cause });
  }
}

function open(file: string): Readable {
  if (file === '-') return process.stdin;
  const stream = createReadStream(file);
  if (!file.endsWith('.gz')) return stream;
  const unzipped = createGunzip();
  return stream.on('error', (error) => unzipped.destroy(error)).pipe(unzipped);
}
