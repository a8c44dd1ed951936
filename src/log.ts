import type { Writable } from 'node:stream';
import { escapeControls } from './escape-controls.ts';

type LogField = string | number | boolean | null | readonly string[];
export type LogFields = Readonly<Record<string, LogField>>;

/** One JSON line a call. Fields never hold a token, a key or the value of a query. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export interface BufferedLog extends Log {
  /** Writes what is waiting, for a process that is about to end. */
  flush(): void;
}

const FIELD_BYTES = 2048;
const BUFFER_CHARS = 64 * 1024;
const WAIT_MS = 25;

/**
 * Writes JSON lines to `stream`: those of 25 ms together, as a write costs as much as many lines; warnings and errors at
 * once, with what waits before them. A reader of the log that went away does not end the process.
 */
export function createLog(stream: Writable): BufferedLog {
  stream.on('error', () => {});
  let waiting = '';
  const flush = (): void => {
    if (waiting !== '') {
      const lines = waiting;
      waiting = '';
      stream.write(lines);
    }
  };
  const add = (level: string, message: string, fields: LogFields = {}): void => {
    if (waiting === '') {
      setTimeout(flush, WAIT_MS).unref();
    }
    waiting += `${escapeControls(writeLine(level, message, cutAll(fields)))}\n`;
    if (waiting.length >= BUFFER_CHARS) {
      flush();
    }
  };
  return {
    info: (message, fields) => add('info', message, fields),
    warn(message, fields) {
      add('warn', message, fields);
      flush();
    },
    error(message, fields) {
      add('error', message, fields);
      flush();
    },
    flush,
  };
}

/** One object of both: to merge them first would cost four times as much. */
function writeLine(level: string, message: string, fields: LogFields): string {
  const head = `{"time":"${writeTime()}","level":"${level}","message":${JSON.stringify(message)}`;
  const tail = JSON.stringify(fields);
  return tail === '{}' ? `${head}}` : `${head},${tail.slice(1)}`;
}

let lastTime = { ms: 0, text: '' };

/** As ISO 8601 has it. Many lines share a millisecond, and to write it costs as much as the rest of a line. */
function writeTime(): string {
  const ms = Date.now();
  if (ms !== lastTime.ms) {
    lastTime = { ms, text: new Date(ms).toISOString() };
  }
  return lastTime.text;
}

function cutAll(fields: LogFields): LogFields {
  // Most lines have nothing to cut, and need no copy.
  for (const name in fields) {
    if (!isShort(fields[name])) {
      return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, cutField(value)]));
    }
  }
  return fields;
}

function isShort(field: LogField | undefined): boolean {
  if (typeof field === 'string') {
    // No UTF-16 unit takes more than three bytes of UTF-8, so most strings need no counting.
    return field.length * 3 <= FIELD_BYTES || Buffer.byteLength(field) <= FIELD_BYTES;
  }
  return !Array.isArray(field) || field.every(isShort);
}

function cutField(field: LogField): LogField {
  if (typeof field === 'string') {
    return isShort(field) ? field : Buffer.from(field).subarray(0, FIELD_BYTES).toString();
  }
  return Array.isArray(field) ? field.map((text: string) => String(cutField(text))) : field;
}
