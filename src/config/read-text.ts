import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { getSystemErrorMessage } from 'node:util';

/** `failure` says why there is no text, and nothing of it. */
export type Reading = TextFile | { readonly failure: string };

export interface TextFile {
  readonly text: string;
  /** Others than the file's owner may read or write it. */
  readonly isShared: boolean;
  /** Others may write it. */
  readonly isWritable: boolean;
}

/**
 * Reads a file of UTF-8, with a byte order mark or without; as `latin1`, of any bytes, each of which is a character. One
 * that is larger than `maxBytes` is not read to its end.
 */
export function readText(path: string, maxBytes: number, encoding: 'utf-8' | 'latin1' = 'utf-8'): Reading {
  try {
    const { bytes, mode } = readAtMost(path, maxBytes + 1);
    if (bytes.length > maxBytes) return { failure: `it is larger than ${maxBytes} bytes` };
    const text =
      encoding === 'latin1' ? bytes.toString(encoding) : new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return { text, isShared: (mode & 0o077) !== 0, isWritable: (mode & 0o022) !== 0 };
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const { code, errno } = cause as NodeJS.ErrnoException;
    if (errno !== undefined) return { failure: `${getSystemErrorMessage(errno)} (${code})` };
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { failure: 'it is not UTF-8' };
    throw cause;
  }
}

function readAtMost(path: string, limit: number): { bytes: Buffer; mode: number } {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(limit);
    let size = 0;
    let read = -1;
    while (read !== 0 && size < limit) {
      read = readSync(file, buffer, size, limit - size, null);
      size += read;
    }
    return { bytes: buffer.subarray(0, size), mode: fstatSync(file).mode };
  } finally {
    closeSync(file);
  }
}
