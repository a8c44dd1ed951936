import { readAsset } from '../assets.ts';
import { BehalfError } from '../errors.ts';
import { limitMemory } from './limit-memory.ts';
import { openSandbox, type Sandbox } from './open-sandbox.ts';

const FILE = 'build/builtins.wasm';

/** In pages of 64 KiB: what runs away stops at 256 MiB. */
const MAX_PAGES = 4096;

const SPACE = 32;

/** `src/opa/go/builtins/evaluation.go`'s outcome. */
const OUTCOMES = ['undefined', 'defined', 'binary', 'failed', 'halted'] as const;

type Outcome = (typeof OUTCOMES)[number];

/** What `src/opa/go/builtins/main.go` exports. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  begin(timeNs: bigint): void;
  reserve(size: number): number;
  call(nameSize: number): number;
  response(): number;
  response_size(): number;
}

export interface HostResult {
  readonly kind: 'defined' | 'binary';
  readonly bytes: Uint8Array;
}

/** OPA's own builtins, in Go, for those that are not in WebAssembly: one for the whole process. */
export interface Host {
  /** Starts an evaluation, in which the time stands still and random numbers stay as they are. */
  begin(timeNs: number): void;
  /**
   * The result of a builtin, which holds until the next call, or null where it is undefined. Operands and result are text
   * as OPA's WASM library dumps and parses it; a result that is `binary` is a string that is not UTF-8. Throws where OPA
   * would end the evaluation, or Go dies, which the next evaluation does not feel.
   */
  call(name: string, operands: readonly Uint8Array[]): HostResult | null;
  /** The builtins that failed in this evaluation, each of which was undefined then. */
  readonly failed: ReadonlySet<string>;
}

let loading: Promise<Host> | null = null;

/** Loads the host of builtins, once. ERR_ENGINE_FAILED where its file is missing or broken. */
export function loadHost(): Promise<Host> {
  loading ??= compile().then(openHost);
  return loading;
}

async function compile(): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(limitMemory(readAsset(FILE), MAX_PAGES));
  } catch (cause) {
    loading = null;
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const why = missing ? `is missing: run make ${FILE}` : 'cannot be loaded';
    throw new BehalfError('ERR_ENGINE_FAILED', `${FILE} ${why}`, { cause });
  }
}

interface Go {
  readonly exports: Exports;
  readonly sandbox: Sandbox;
}

function start(module: WebAssembly.Module): Go {
  const sandbox = openSandbox(module);
  const exports = new WebAssembly.Instance(module, sandbox.imports).exports as unknown as Exports;
  sandbox.memory = exports.memory;
  exports._initialize();
  return { exports, sandbox };
}

function openHost(module: WebAssembly.Module): Host {
  const failed = new Set<string>();
  let go: Go | null = null;

  /** What died is in the middle of something. */
  const run = <T>(step: (go: Go) => T): T => {
    try {
      go ??= start(module);
      return step(go);
    } catch (cause) {
      go = null;
      throw cause;
    }
  };

  return {
    failed,
    begin(timeNs) {
      failed.clear();
      run(({ exports, sandbox }) => {
        sandbox.time = BigInt(Math.trunc(timeNs));
        exports.begin(sandbox.time);
      });
    },
    call(name, operands) {
      return run(({ exports }) => {
        const [kind, bytes] = ask(exports, name, operands);
        switch (kind) {
          case 'defined':
          case 'binary':
            return { kind, bytes };
          case 'failed':
            failed.add(name);
            return null;
          case 'halted':
            throw new Error(`OPA's ${name} ended the evaluation`);
          default:
            return null;
        }
      });
    },
  };
}

/** The name, and each operand behind a space. */
function ask(exports: Exports, name: string, operands: readonly Uint8Array[]): [Outcome | undefined, Uint8Array] {
  const address = exports.reserve(operands.reduce((sum, { length }) => sum + 1 + length, Buffer.byteLength(name)));
  const memory = Buffer.from(exports.memory.buffer);
  const nameSize = memory.write(name, address);
  let at = address + nameSize;
  for (const operand of operands) {
    memory[at++] = SPACE;
    memory.set(operand, at);
    at += operand.length;
  }
  const outcome = exports.call(nameSize);
  // Looked at only now: what grows memory replaces its buffer.
  return [OUTCOMES[outcome], new Uint8Array(exports.memory.buffer, exports.response(), exports.response_size())];
}
