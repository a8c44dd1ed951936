import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { getSystemErrorMessage } from 'node:util';

/** `isShared` where others than the file's owner may read or write it; `failure` says why there is no text, and nothing of it. */
export type Reading = { readonly text: string; readonly isShared: boolean } | { readonly failure: string };

/** Reads a file of UTF-8, with a byte order mark or without. One that is larger than `maxBytes` is not read to its end. */
export function readText(path: string, maxBytes: number): Reading {
  try {
    const { bytes, mode } = readAtMost(path, maxBytes + 1);
    if (bytes.length > maxBytes) return { failure: `it is larger than ${maxBytes} bytes` };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), isShared: (mode & 0o077) !== 0 };
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
