import type { Host } from './load-host.ts';

/** In pages of 64 KiB: what runs away stops at 256 MiB. */
const MEMORY = { initial: 5, maximum: 4096 };
const PAGE_BYTES = 65_536;

/** How OPA's WASM library says that a builtin is undefined. */
const UNDEFINED = 0;

/** Where an `opa_string_t` says where its characters are (wasm/src/value.h). */
const STRING_CHARACTERS = 8;

/** OPA's WASM ABI 1.2, as far as it is used here. Addresses are 0 for none. */
interface Exports {
  builtins(): number;
  opa_heap_ptr_get(): number;
  opa_malloc(size: number): number;
  opa_json_dump(value: number): number;
  /** As `opa_json_dump`, but sets are `{1}` and `set()`, and keys of any kind. */
  opa_value_dump(value: number): number;
  opa_value_parse(text: number, size: number): number;
  /** `heap`: where memory is free from; what an earlier evaluation left there goes. Gives the address of JSON text. */
  opa_eval(
    reserved: 0,
    entrypoint: number,
    data: number,
    input: number,
    inputBytes: number,
    heap: number,
    format: 0,
  ): number;
}

export interface Instance {
  /** The builtins that the module wants from its host. */
  readonly hostBuiltins: readonly string[];
  /**
   * The result set of an entrypoint, by its number as compiled, as JSON text, for an input as JSON text, at a time in
   * nanoseconds since 1970. Throws whatever OPA, WebAssembly or the host throw; the instance is not to be used again then,
   * as its memory is in the middle of something.
   */
  evaluate(input: string, entrypoint?: number, timeNs?: number): string;
  /** The host's builtins that failed in the last evaluation, which were undefined then. */
  readonly failed: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * An instance of a policy's module with its data. It is not opa-wasm's, which hands sets to builtins as arrays and numbers
 * as JavaScript's.
 *
 * @param host what has the builtins that the module wants; without one, a call of them throws
 */
export function openInstance(module: WebAssembly.Module, data: unknown, host: Host | null = null): Instance {
  const mem = new WebAssembly.Memory(MEMORY);
  let memory = Buffer.from(mem.buffer);
  let isBegun = false;
  let time = 0;
  const names = new Map<number, string>();

  const call = (id: number, _context: number, ...operands: number[]): number => {
    const name = names.get(id) ?? String(id);
    if (host === null) throw new Error(`the policy calls ${name}, which WebAssembly does not have`);
    if (!isBegun) host.begin(time);
    isBegun = true;
    // A view of one does not outlive the next dump, which may grow memory.
    const addresses = operands.map(exports.opa_value_dump);
    const result = host.call(name, addresses.map(readBytes));
    if (result === null) return UNDEFINED;
    return result.kind === 'binary' ? makeString(result.bytes) : parse(result.bytes);
  };
  const { exports } = new WebAssembly.Instance(module, {
    env: {
      memory: mem,
      opa_abort(message: number) {
        throw new Error(readText(message));
      },
      opa_println: () => undefined,
      opa_builtin0: call,
      opa_builtin1: call,
      opa_builtin2: call,
      opa_builtin3: call,
      opa_builtin4: call,
    },
  }) as unknown as { exports: Exports };

  /** The module may have grown its memory, which detaches the old view. */
  function bytes(): Buffer {
    if (memory.byteLength === 0) memory = Buffer.from(mem.buffer);
    return memory;
  }
  function readBytes(start: number): Uint8Array {
    return bytes().subarray(start, bytes().indexOf(0, start));
  }
  function readText(start: number): string {
    return bytes().toString('utf8', start, bytes().indexOf(0, start));
  }
  function parse(text: Uint8Array): number {
    const address = exports.opa_malloc(text.length);
    bytes().set(text, address);
    const value = exports.opa_value_parse(address, text.length);
    // Which is UNDEFINED to a policy: whatever is no value there must not pass for that.
    if (value === 0) throw new Error("OPA's WASM library does not take what it was given for a value");
    return value;
  }
  /** As nothing that is parsed can be of any bytes, the characters of another string are overwritten. */
  function makeString(characters: Uint8Array): number {
    const address = parse(Buffer.from(`"${'-'.repeat(characters.length)}"`));
    bytes().set(characters, bytes().readUInt32LE(address + STRING_CHARACTERS));
    return address;
  }

  const builtins: Readonly<Record<string, number>> = JSON.parse(readText(exports.opa_json_dump(exports.builtins())));
  for (const [name, id] of Object.entries(builtins)) names.set(id, name);
  const dataAddress = parse(Buffer.from(JSON.stringify(data)));
  const heap = exports.opa_heap_ptr_get();

  return {
    hostBuiltins: [...names.values()],
    get failed() {
      return host !== null && isBegun ? host.failed : NONE;
    },
    evaluate(input, entrypoint = 0, timeNs = Date.now() * 1e6) {
      isBegun = false;
      time = timeNs;
      const size = Buffer.byteLength(input);
      const end = heap + size;
      if (end > bytes().byteLength) mem.grow(Math.ceil((end - bytes().byteLength) / PAGE_BYTES));
      bytes().write(input, heap);
      return readText(exports.opa_eval(0, entrypoint, dataAddress, heap, size, end, 0));
    },
  };
}
