import { createHash } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { Problem } from '../errors.ts';
import type { CompileRequest } from '../opa/compiler-protocol.ts';
import { readBuilt } from '../opa/read-built.ts';
import type { Compiler } from '../opa/start-compiler.ts';
import type { Reads } from '../reads.ts';
import { listReads } from './list-reads.ts';
import type { PolicyCache } from './open-policy-cache.ts';
import { readLibrary } from './read-library.ts';
import type { PolicyData } from './write-data.ts';
import { writeRego } from './write-rego.ts';

export interface CompiledPolicy {
  readonly wasm: Uint8Array;
  readonly data: PolicyData;
  /** Texts of the configuration that headers are made of, by their numbers in `data` and decisions. */
  readonly headerTexts: readonly string[];
  readonly reads: Reads;
  readonly warnings: readonly Problem[];
}

/**
 * Compiles the policies of a configuration, with the library in policy/, to the WASM module that decides; or has it from
 * `cache`, and begins no compiler.
 *
 * @throws BehalfError ERR_CONFIG_INVALID with every problem of every policy, before anything is compiled; and what
 *   `compiler` and `cache` throw
 */
export async function compilePolicy(
  config: Config,
  compiler: Compiler,
  cache: PolicyCache | null = null,
): Promise<CompiledPolicy> {
  const { modules, data, headerTexts, warnings } = writeRego(config);
  const library = readLibrary();
  const request: CompileRequest = {
    modules: { ...library.modules, ...modules },
    entrypoints: ['behalf/main/decision'],
    capabilities: library.capabilities,
  };
  const wasm = cache === null ? await compiler.compile(request) : await compileOnce(request, compiler, cache);
  return { wasm, data, headerTexts, reads: listReads(config), warnings };
}

async function compileOnce(request: CompileRequest, compiler: Compiler, cache: PolicyCache): Promise<Uint8Array> {
  const hash = hashRequest(request);
  const found = await cache.find(hash);
  if (found !== null) return found;
  const wasm = await compiler.compile(request);
  await cache.put(hash, wasm);
  return wasm;
}

/** Of all that the module is made of, and data is none of it. OPA stands for itself by the id that Go gave its build. */
function hashRequest({ modules, entrypoints, capabilities }: CompileRequest): string {
  const opa = new TextDecoder().decode(readBuilt('build/opa.id'));
  const sorted = Object.entries(modules).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([opa, entrypoints, capabilities, sorted]))
    .digest('hex');
}
