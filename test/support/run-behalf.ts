import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { BEHALF } from './start-behalf.ts';

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `behalf` in `cwd`, as a user does, with `input` on its standard input. */
export async function runBehalf(args: readonly string[], { cwd = '.', input = '' } = {}): Promise<Run> {
  const [program, ...rest] = BEHALF;
  const child = spawn(program, [...rest, ...args], { cwd });
  child.stdin.end(input);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode, stdout, stderr };
}
