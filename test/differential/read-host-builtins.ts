import { loadPolicy } from '@open-policy-agent/opa-wasm';

/** The builtins that a module compiled by OPA asks its host for, by name. */
export async function readHostBuiltins(wasm: Uint8Array): Promise<string[]> {
  const { mem, wasmInstance } = await loadPolicy(wasm);
  const { builtins, opa_json_dump } = (wasmInstance as { exports: Exports }).exports;
  const bytes = new Uint8Array(mem.buffer, opa_json_dump(builtins()));
  return Object.keys(JSON.parse(new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)))));
}

/** The part of OPA's WASM ABI that lists builtins. */
interface Exports {
  builtins(): number;
  opa_json_dump(address: number): number;
}
