import type { Writable } from 'node:stream';

export type LogFields = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** One JSON line a call. Fields never hold a token, a key or the value of a query. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const FIELD_BYTES = 2048;

/** Writes JSON lines to `stream`. A reader of the log that went away does not end the process. */
export function createLog(stream: Writable): Log {
  stream.on('error', () => {});
  const write = (level: string, message: string, fields: LogFields = {}): void => {
    stream.write(`${escapeControls(JSON.stringify({ time: new Date(), level, message, ...fields }, cut))}\n`);
  };
  return {
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  };
}

function cut(_key: string, value: unknown): unknown {
  // No UTF-16 unit takes more than three bytes of UTF-8, so most strings need no counting.
  if (typeof value !== 'string' || value.length * 3 <= FIELD_BYTES || Buffer.byteLength(value) <= FIELD_BYTES) {
    return value;
  }
  return Buffer.from(value).subarray(0, FIELD_BYTES).toString();
}

// JSON escapes C0 only. DEL, C1, line separators and bidirectional controls could still forge or reorder lines on a terminal.
const CONTROLS = /[\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

function escapeControls(json: string): string {
  return json.replace(CONTROLS, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
