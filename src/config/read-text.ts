import { closeSync, openSync, readSync } from 'node:fs';
import { getSystemErrorMessage } from 'node:util';

/** `failure` says why there is no text, and nothing of what the file holds. */
export type Reading = { readonly text: string } | { readonly failure: string };

/** Reads a file of UTF-8, with a byte order mark or without. One that is larger than `maxBytes` is not read to its end. */
export function readText(path: string, maxBytes: number): Reading {
  try {
    const bytes = readAtMost(path, maxBytes + 1);
    if (bytes.length > maxBytes) return { failure: `it is larger than ${maxBytes} bytes` };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const { code, errno } = cause as NodeJS.ErrnoException;
    if (errno !== undefined) return { failure: `${getSystemErrorMessage(errno)} (${code})` };
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { failure: 'it is not UTF-8' };
    throw cause;
  }
}

function readAtMost(path: string, limit: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(limit);
    let size = 0;
    let read = -1;
    while (read !== 0 && size < limit) {
      read = readSync(file, buffer, size, limit - size, null);
      size += read;
    }
    return buffer.subarray(0, size);
  } finally {
    closeSync(file);
  }
}
