import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { BehalfError } from '../errors.ts';

export interface ProcessOptions {
  /** What messages call it. */
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** On top of this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The file that gets what it writes to stderr. */
  readonly log: string;
}

export interface RunningProcess extends AsyncDisposable {
  readonly pid: number;
  /** The URL of its line `listening on URL`. Rejects as `died` does, and after two minutes without that line. */
  readonly ready: Promise<string>;
  /** Rejects with ERR_DEMO_FAILED and the end of its log when it ends; else never settles. */
  readonly died: Promise<never>;
  /** Sends a message over the channel, resolves to the next one that comes back. */
  ask(question: string): Promise<unknown>;
  /** SIGTERM, after 5 s SIGKILL. Resolves to the exit code, null where a signal ended it. */
  stop(): Promise<number | null>;
}

const READY_MS = 120_000;
const STOP_MS = 5_000;
const LOG_LINES = 12;

/**
 * Starts a program that prints `listening on URL` once it does. Between it and this process is an IPC channel: when that
 * breaks, because this process is gone, however that came, the other has to end.
 */
export function startProcess({ name, command, env, log }: ProcessOptions): RunningProcess {
  const [program, ...args] = command;
  const stderr = openSync(log, 'a', 0o600);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', stderr, 'ipc'], env: { ...process.env, ...env } });
  closeSync(stderr);
  const exit = once(child, 'exit');
  const died = exit.then(([code, signal]): never => {
    throw new BehalfError(
      'ERR_DEMO_FAILED',
      `${name} ended by itself (${signal ?? `exit code ${code}`})\n${readLastLines(log)}`,
    );
  });
  const ready = Promise.race([readReadyLine(child), died, refuseAfter(READY_MS, `${name} does not get ready`)]);
  // Handled where they are awaited, which may be later than they come.
  for (const promise of [died, ready]) promise.catch(() => {});

  async function stop(): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exit;
      clearTimeout(timer);
    }
    return child.exitCode;
  }

  return {
    pid: child.pid ?? 0,
    ready,
    died,
    ask: async (question) => {
      child.send(question);
      const [answer] = await Promise.race([once(child, 'message'), died]);
      return answer;
    },
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}

function readReadyLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout as Readable });
  return new Promise((resolve) => {
    // Goes on reading afterwards: a full pipe would stop the process.
    lines.on('line', (line) => {
      const url = /^listening on (\S+)$/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

function readLastLines(log: string): string {
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LOG_LINES).join('\n');
}

function refuseAfter(ms: number, message: string): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new BehalfError('ERR_DEMO_FAILED', message)), ms).unref();
  });
}
