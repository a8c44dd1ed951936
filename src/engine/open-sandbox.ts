import { randomFillSync } from 'node:crypto';

/** `errno` of WASI preview 1. */
const SUCCESS = 0;
const BAD_FILE = 8;
const NOT_SUPPORTED = 52;

/** `clockid` of WASI preview 1. */
const REALTIME = 0;

const IOVEC_BYTES = 8;

export interface Sandbox {
  readonly imports: Readonly<Record<string, Record<string, unknown>>>;
  /** What time it is there, in nanoseconds since 1970. */
  time: bigint;
  /** To be set before anything runs. */
  memory: WebAssembly.Memory | null;
}

/**
 * A WASI (preview 1) of nothing but a clock and random numbers: no files, no network, no environment, no arguments, no
 * sleep. What is written is dropped, as a program that crashes writes what it was working on.
 */
export function openSandbox(module: WebAssembly.Module): Sandbox {
  const imports: Record<string, Record<string, unknown>> = {};
  const sandbox: Sandbox = { imports, time: BigInt(Date.now()) * 1_000_000n, memory: null };
  const bytes = (): DataView => new DataView((sandbox.memory as WebAssembly.Memory).buffer);

  const none = (count: number, size: number): number => {
    bytes().setUint32(count, 0, true);
    bytes().setUint32(size, 0, true);
    return SUCCESS;
  };
  const supported: Record<string, (...operands: never[]) => number> = {
    args_get: () => SUCCESS,
    args_sizes_get: none,
    environ_get: () => SUCCESS,
    environ_sizes_get: none,
    clock_time_get(clock: number, _precision: bigint, at: number) {
      bytes().setBigUint64(at, clock === REALTIME ? sandbox.time : process.hrtime.bigint(), true);
      return SUCCESS;
    },
    random_get(at: number, size: number) {
      randomFillSync(new Uint8Array(bytes().buffer, at, size));
      return SUCCESS;
    },
    fd_write(_file: number, at: number, count: number, written: number) {
      let size = 0;
      for (let i = 0; i < count; i++) size += bytes().getUint32(at + i * IOVEC_BYTES + 4, true);
      bytes().setUint32(written, size, true);
      return SUCCESS;
    },
    // Go's runtime asks as it collects garbage, and dies without an answer. Nothing ever happens, and no sleep is long.
    poll_oneoff(_asked: number, _happened: number, _count: number, happened: number) {
      bytes().setUint32(happened, 0, true);
      return SUCCESS;
    },
    // No folder is open already.
    fd_prestat_get: () => BAD_FILE,
    sched_yield: () => SUCCESS,
    proc_exit(code: number) {
      throw new Error(`it ended itself with exit code ${code}`);
    },
  };
  for (const { module: namespace, name } of WebAssembly.Module.imports(module)) {
    imports[namespace] ??= {};
    imports[namespace][name] = supported[name] ?? (() => NOT_SUPPORTED);
  }
  return sandbox;
}
