import { readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second for whoever reads /proc (proc_pid_stat(5), `utime` and `stime`). */
const TICK_US = 10_000;

/** Microseconds of CPU that a process has taken so far: all its threads, in itself and in the kernel. Linux alone tells. */
export function readCpu(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // After the name, which may hold anything, stands `state`, the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}
