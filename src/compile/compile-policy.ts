import { createHash } from 'node:crypto';
import type { Config, PolicyRule } from '../config/config.ts';
import type { Problem } from '../errors.ts';
import type { CompileRequest } from '../opa/compiler-protocol.ts';
import { readBuilt } from '../opa/read-built.ts';
import type { Compiler } from '../opa/start-compiler.ts';
import type { Reads } from '../reads.ts';
import { explainFailure } from './explain-failure.ts';
import { listReads } from './list-reads.ts';
import type { PolicyCache } from './open-policy-cache.ts';
import { placeProblems } from './place-problems.ts';
import { readLibrary } from './read-library.ts';
import { writeAuthoredRego } from './write-authored-rego.ts';
import type { PolicyData } from './write-data.ts';
import { type WrittenRego, writeRego } from './write-rego.ts';

/** What more is compiled, for entrypoints that come behind the decision. */
export type Extension = Pick<CompileRequest, 'modules' | 'entrypoints' | 'trusted'>;

export interface CompiledPolicy {
  readonly wasm: Uint8Array;
  readonly data: PolicyData;
  /** Texts of the configuration that headers are made of, by their numbers in `data` and decisions. */
  readonly headerTexts: readonly string[];
  readonly reads: Reads;
  /** The ids of routes whose policy can only allow. */
  readonly allowOnly: ReadonlySet<string>;
  readonly explainFailure: ReturnType<typeof explainFailure>;
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
  extend: (written: WrittenRego) => Extension = () => ({ modules: {}, entrypoints: [], trusted: true }),
): Promise<CompiledPolicy> {
  const written = writeRego(config);
  const { modules, data, headerTexts, warnings } = written;
  const extension = extend(written);
  const library = readLibrary();
  const request: CompileRequest = {
    modules: { ...library.modules, ...modules, ...extension.modules },
    trusted: extension.trusted ?? false,
    entrypoints: ['behalf/main/decision', ...extension.entrypoints],
    capabilities: library.capabilities,
    ...writeAuthoredRego(config, written),
  };
  const placed: Compiler['compile'] = (each) =>
    compiler.compile(each).catch((error: unknown) => {
      throw placeProblems(error, written);
    });
  const wasm = cache === null ? await placed(request) : await compileOnce(request, placed, cache);
  return {
    wasm,
    data,
    headerTexts,
    reads: listReads(config),
    allowOnly: listAllowOnly(config),
    explainFailure: explainFailure(config, written),
    warnings,
  };
}

/** What a policy in Rego may deny, nobody knows. */
function listAllowOnly({ routes }: Config): ReadonlySet<string> {
  const found = routes.filter(({ policy }) => policy.rego.length === 0 && policy.rules.every(isAllow));
  return new Set(found.map(({ id }) => id));
}

function isAllow({ action }: PolicyRule): boolean {
  return action === 'allow';
}

async function compileOnce(
  request: CompileRequest,
  compile: Compiler['compile'],
  cache: PolicyCache,
): Promise<Uint8Array> {
  const hash = hashRequest(request);
  const found = await cache.find(hash);
  if (found !== null) return found;
  const wasm = await compile(request);
  await cache.put(hash, wasm);
  return wasm;
}

/** Of all that the module is made of, data as far as it is checked with it. OPA stands for itself by the id that Go gave its build. */
function hashRequest({ modules, entrypoints, capabilities, authored, data }: CompileRequest): string {
  const opa = new TextDecoder().decode(readBuilt('build/opa.id'));
  const parts = [opa, entrypoints, capabilities, sortByKey(modules)];
  const ofAuthors = authored === undefined ? [] : [{ ...authored, modules: sortByKey(authored.modules) }, data];
  return createHash('sha256')
    .update(JSON.stringify([...parts, ...ofAuthors]))
    .digest('hex');
}

function sortByKey<Value>(record: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}
