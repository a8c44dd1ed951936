import type { Log } from '../log.ts';
import { appendToFile, type LogFile } from './append-to-file.ts';

/** What writes the lines of decision logs, one write at a time; it outlasts configurations, as their files do. */
export interface Journal extends AsyncDisposable {
  /** Never fails, and never waits: what cannot be written is counted, and the log says so. */
  append(file: LogFile, line: string): void;
}

interface Batch {
  readonly file: LogFile;
  readonly lines: string[];
  chars: number;
}

/** Lines of this long are written together. */
const WAIT_MS = 25;
/** Of one write. A character takes at most three bytes, so with a quarter of what the file may hold it does not get longer. */
const BATCH_CHARS = 256 * 1024;
const BATCH_SHARE = 1 / 4;
/** Of all that waits for a slow disk. */
const WAITING_CHARS = 16 * 2 ** 20;
const REPORT_MS = 60_000;

export function openJournal(log: Log): Journal {
  const batches: Batch[] = [];
  let waiting = 0;
  let writing: Promise<void> | null = null;
  let lost = 0;
  let reportedAt: number | null = null;

  const lose = (count: number, path: string, detail: string): void => {
    lost += count;
    const now = performance.now();
    if (reportedAt === null || now - reportedAt >= REPORT_MS) {
      reportedAt = now;
      log.error('the decision log cannot be written: requests go on, their decisions are lost', { path, detail, lost });
    }
  };

  const write = async ({ file, lines, chars }: Batch): Promise<void> => {
    try {
      await appendToFile(file, Buffer.from(lines.join('')));
      if (lost > 0) log.warn('the decision log is written again', { path: file.path, lost });
      lost = 0;
      reportedAt = null;
    } catch (error) {
      lose(lines.length, file.path, (error as Error).message);
    }
    waiting -= chars;
  };

  const writeAll = async (): Promise<void> => {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) await write(batch);
    writing = null;
  };

  return {
    append(file, line) {
      const most = Math.min(BATCH_CHARS, file.maxBytes * BATCH_SHARE);
      if (waiting + line.length > WAITING_CHARS || line.length > most) {
        lose(1, file.path, 'lines come faster than the disk takes them, or one is too long');
        return;
      }
      const last = batches.at(-1);
      const fits = last?.file === file && last.chars + line.length <= most;
      const batch = fits ? last : { file, lines: [], chars: 0 };
      if (!fits) batches.push(batch);
      batch.lines.push(line);
      batch.chars += line.length;
      waiting += line.length;
      writing ??= new Promise<void>((resolve) => setTimeout(resolve, WAIT_MS)).then(writeAll);
    },
    async [Symbol.asyncDispose]() {
      await writing;
    },
  };
}
