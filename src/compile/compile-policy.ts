import type { Config } from '../config/config.ts';
import type { Problem } from '../errors.ts';
import type { Compiler } from '../opa/start-compiler.ts';
import { readLibrary } from './read-library.ts';
import { type PolicyData, writeRego } from './write-rego.ts';

export interface CompiledPolicy {
  readonly wasm: Uint8Array;
  readonly data: PolicyData;
  readonly warnings: readonly Problem[];
}

/**
 * Compiles the policies of a configuration, with the library in policy/, to the WASM module that decides.
 *
 * @throws BehalfError ERR_CONFIG_INVALID with every problem of every policy, before anything is compiled; and what
 *   `compiler` throws
 */
export async function compilePolicy(config: Config, compiler: Compiler): Promise<CompiledPolicy> {
  const { modules, data, warnings } = writeRego(config);
  const library = await readLibrary();
  const wasm = await compiler.compile({
    modules: { ...library.modules, ...modules },
    entrypoints: ['behalf/main/decision'],
    capabilities: library.capabilities,
  });
  return { wasm, data, warnings };
}
