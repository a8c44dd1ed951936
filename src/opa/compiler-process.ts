import { loadOpa, type Opa } from './load-opa.ts';

export interface CompileRequest {
  /** Rego by the path that messages name. */
  readonly modules: Readonly<Record<string, string>>;
  /** e.g. ['behalf/main/decision'] */
  readonly entrypoints: readonly string[];
  /** OPA's capabilities document, as text. */
  readonly capabilities: string;
}

/** What a compile came to: the module, what is wrong with the Rego, or that OPA could not be had at all. */
export type CompileReply =
  | { readonly kind: 'compiled'; readonly wasm: Uint8Array }
  | { readonly kind: 'refused'; readonly failure: CompileFailure }
  | { readonly kind: 'failed'; readonly message: string };

/** `src/opa/go/compile.go`'s failure. */
export interface CompileFailure {
  readonly problems: readonly { path: string; row: number; column: number; message: string }[];
  /** Where OPA names no place at all. */
  readonly message: string;
}

const loading = loadOpa([]);
loading.catch(() => undefined);

process.on('message', async (request: CompileRequest) => {
  let opa: Opa;
  try {
    opa = await loading;
  } catch (error) {
    process.send?.({ kind: 'failed', message: (error as Error).message } satisfies CompileReply);
    return;
  }
  process.send?.(compile(opa, request));
});

function compile(opa: Opa, request: CompileRequest): CompileReply {
  const text = new TextEncoder().encode(JSON.stringify(request));
  const address = opa.reserve(text.length);
  new Uint8Array(opa.memory.buffer, address, text.length).set(text);
  const compiled = opa.compile() !== 0;
  // Looked at only now: what grows memory replaces its buffer.
  const response = new Uint8Array(opa.memory.buffer, opa.response(), opa.response_size()).slice();
  if (compiled) return { kind: 'compiled', wasm: response };
  return { kind: 'refused', failure: JSON.parse(new TextDecoder().decode(response)) };
}
