import { setFlagsFromString } from 'node:v8';
import { BehalfError } from '../errors.ts';
import { readBuilt } from './read-built.ts';

/** `errno` of WASI preview 1: not supported. */
const WASI_ENOTSUP = 58;

/** What `src/opa/go/main.go` exports. */
export interface Opa {
  readonly memory: WebAssembly.Memory;
  run(): number;
  reserve(size: number): number;
  compile(): number;
  response(): number;
  response_size(): number;
}

/** How OPA ended itself in the middle of an export: Go's `os.Exit`. */
export class OpaExit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`OPA ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/**
 * Loads OPA, built for WASI, with this process's environment, working folder, files and standard streams. `args` are
 * those of its command line, without the program's name. ERR_OPA_FAILED where the built file is missing or broken.
 */
export async function loadOpa(args: readonly string[]): Promise<Opa> {
  const wasi = new (requireWasi().WASI)({
    version: 'preview1',
    args: ['opa', ...args],
    // Go takes its working folder from PWD under WASI, so that relative paths mean what they say.
    env: { ...process.env, PWD: process.cwd() },
    preopens: { '/': '/' },
  });
  const { wasi_snapshot_preview1: standard } = wasi.getImportObject() as { wasi_snapshot_preview1: object };
  const imports = {
    ...standard,
    proc_exit: (exitCode: number): never => {
      throw new OpaExit(exitCode);
    },
    // Go would make its streams non-blocking, and then lose what a full pipe does not take.
    fd_fdstat_set_flags: () => WASI_ENOTSUP,
  };
  // OPA is done in a second or two. V8 would take as long to make it fast, on every core: ten times the default spares most
  // of that, and what runs long is made fast all the same.
  setFlagsFromString('--wasm-tiering-budget=130000000');
  const bytes = readBuilt('build/opa.wasm');
  try {
    const module = await WebAssembly.compile(bytes);
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: imports });
    wasi.initialize(instance);
    return instance.exports as unknown as Opa;
  } catch (cause) {
    throw new BehalfError('ERR_OPA_FAILED', 'build/opa.wasm cannot be loaded', { cause });
  }
}

/** Node calls node:wasi experimental as it is loaded. Users of a pinned Node need not be told. */
function requireWasi() {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:wasi');
  } finally {
    process.emitWarning = emitWarning;
  }
}
