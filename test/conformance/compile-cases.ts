import { listReads } from '../../src/compile/list-reads.ts';
import { readLibrary } from '../../src/compile/read-library.ts';
import { writeRego } from '../../src/compile/write-rego.ts';
import type { Config } from '../../src/config/config.ts';
import { type Engine, loadEngine } from '../../src/engine/load-engine.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';

export interface CompiledCases {
  /** A case's id is that of its route. */
  readonly engine: Engine;
  /** By the case's id. */
  readonly headerTexts: ReadonlyMap<string, readonly string[]>;
}

/** Compiles the configurations of many cases, by their ids, as one: each of them has one route. */
export async function compileCases(configs: ReadonlyMap<string, Config>): Promise<CompiledCases> {
  const written = [...configs].map(([id, config]) => {
    const named = { ...config, routes: config.routes.map((route) => ({ ...route, id })) };
    return { id, reads: listReads(named), ...writeRego(named) };
  });
  const join = <Value>(records: readonly Readonly<Record<string, Value>>[]): Record<string, Value> =>
    Object.assign({}, ...records);
  const library = readLibrary();
  await using compiler = startCompiler();
  const wasm = await compiler.compile({
    modules: { ...library.modules, ...join(written.map(({ modules }) => modules)) },
    entrypoints: ['behalf/main/decision'],
    capabilities: library.capabilities,
  });
  const data = { routes: join(written.map(({ data }) => data.routes)) };
  return {
    engine: await loadEngine({ wasm, data, reads: join(written.map(({ reads }) => reads)) }),
    headerTexts: new Map(written.map(({ id, headerTexts }) => [id, headerTexts])),
  };
}
