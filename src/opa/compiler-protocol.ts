/** The first argument with which Behalf is the compiler's process, if it was also given a channel to its parent. */
export const COMPILER_PROCESS = 'compiler-process';

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
