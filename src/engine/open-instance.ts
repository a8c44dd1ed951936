import * as opaWasm from '@open-policy-agent/opa-wasm';

// Its types leave out that, imported, it has all but one function under `default`, and what an instance exports.
const { loadPolicySync } = (opaWasm as unknown as { default: typeof opaWasm }).default;

/** In pages of 64 KiB: what runs away stops at 256 MiB. */
const MEMORY = { initial: 5, maximum: 4096 };
const PAGE_BYTES = 65_536;

/** OPA's WASM ABI 1.2, as far as it is used here. */
interface Exports {
  builtins(): number;
  opa_json_dump(value: number): number;
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
  /** The builtins that the module wants from its host: opa-wasm has some, and finds out about others when they are called. */
  readonly hostBuiltins: readonly string[];
  /**
   * The result set of the first entrypoint, as JSON text, for an input as JSON text. Throws whatever OPA, WebAssembly or
   * opa-wasm throw; the instance is not to be used again then, as its memory is in the middle of something.
   */
  evaluate(input: string): string;
}

/** An instance of the module with its data. opa-wasm throws errors, strings and plain objects. */
export function openInstance(module: WebAssembly.Module, data: unknown): Instance {
  const policy = loadPolicySync(module, MEMORY);
  policy.setData(data as object);
  const { mem, dataAddr, dataHeapPtr } = policy;
  const exports = (policy.wasmInstance as WebAssembly.Instance).exports as Exports;
  let memory = Buffer.from(mem.buffer);

  const readText = (start: number): string => {
    // The module may have grown its memory, which detaches the old view.
    if (memory.byteLength === 0) memory = Buffer.from(mem.buffer);
    return memory.toString('utf8', start, memory.indexOf(0, start));
  };

  return {
    hostBuiltins: Object.keys(JSON.parse(readText(exports.opa_json_dump(exports.builtins())))),
    // opa-wasm's own evaluate() does the same, but encodes into a copy, and looks for the result's end byte by byte.
    evaluate(input) {
      const bytes = Buffer.byteLength(input);
      const end = dataHeapPtr + bytes;
      if (end > memory.byteLength) {
        mem.grow(Math.ceil((end - memory.byteLength) / PAGE_BYTES));
        memory = Buffer.from(mem.buffer);
      }
      memory.write(input, dataHeapPtr);
      return readText(exports.opa_eval(0, 0, dataAddr, dataHeapPtr, bytes, end, 0));
    },
  };
}
