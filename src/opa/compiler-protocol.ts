/** The first argument with which Behalf is the compiler's process, if it was also given a channel to its parent. */
export const COMPILER_PROCESS = 'compiler-process';

export interface CompileRequest {
  /** Rego by the path that messages name. */
  readonly modules: Readonly<Record<string, string>>;
  /** All of `modules` are Behalf's own: they are not checked, which takes as long as to compile them, unless there is more. */
  readonly trusted?: boolean;
  /** e.g. ['behalf/main/decision'] */
  readonly entrypoints: readonly string[];
  /** OPA's capabilities document, as text. */
  readonly capabilities: string;
  /** What authors of policies wrote, beside `modules`. */
  readonly authored?: AuthoredRego;
  /** What is known of data when compiled: WebAssembly does not find a number under a key of an object, which is refused. */
  readonly data?: unknown;
}

/** Rego that is trusted with its own policy and nothing else: `src/opa/go/authored.go` checks what it reads and gives. */
export interface AuthoredRego {
  /** By the path that messages name. */
  readonly modules: Readonly<Record<string, AuthoredModule>>;
  /** Besides its own package, it may read these packages and roots under `data`, e.g. `behalf.criteria`. */
  readonly readable: readonly string[];
  /** Canonical names of headers that it may neither set nor remove; `x-pomerium-` starts others. */
  readonly reservedHeaders: readonly string[];
  /** Canonical names of headers that no input document has; one that ends in a hyphen starts others. */
  readonly absentHeaders: readonly string[];
  /** JSON Schema of the input document, as text: what it reads there must exist. */
  readonly inputSchema: string;
  /** What functions of the library take, for messages: by names such as `criteria.email`. */
  readonly takes: Readonly<Record<string, string>>;
}

export interface AuthoredModule {
  readonly text: string;
  /** That of the text, dotted and without `data.`. */
  readonly package: string;
  readonly version: 'v0' | 'v1';
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
