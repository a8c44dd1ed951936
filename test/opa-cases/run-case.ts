import { isDeepStrictEqual } from 'node:util';
import type { Host } from '../../src/engine/load-host.ts';
import { openInstance } from '../../src/engine/open-instance.ts';
import { BehalfError } from '../../src/errors.ts';
import type { CompileRequest } from '../../src/opa/compiler-protocol.ts';
import type { OpaCase } from './read-cases.ts';
import { writeJson } from './write-json.ts';

export type Outcome =
  | { readonly kind: 'passed' }
  /** When compiled. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'wrong'; readonly why: string };

export interface Tools {
  readonly compile: (request: CompileRequest) => Promise<Uint8Array>;
  readonly capabilities: string;
  readonly host: Host;
}

/** Runs one of OPA's cases as a policy is run, and compares what it gives with what OPA's interpreter does. */
export async function runCase(opaCase: OpaCase, { compile, capabilities, host }: Tools): Promise<Outcome> {
  let wasm: Uint8Array;
  try {
    const data = JSON.parse(writeJson(opaCase.data ?? {}));
    wasm = await compile({ modules: writeModules(opaCase), entrypoints: ['behalf_case/results'], capabilities, data });
  } catch (error) {
    if (!(error instanceof BehalfError) || error.code !== 'ERR_COMPILE_FAILED') throw error;
    return { kind: 'refused', why: error.message };
  }
  const wants = writeWanted(opaCase);
  const gives = evaluate(await WebAssembly.compile(wasm), opaCase, host);
  const agree =
    gives instanceof Error ? wants === 'error' : isDeepStrictEqual(sort(gives, opaCase), sort(wants, opaCase));
  if (agree) return { kind: 'passed' };
  return {
    kind: 'wrong',
    why: `gives ${gives instanceof Error ? gives.message : writeJson(gives)}, not ${writeJson(wants)}`,
  };
}

/** A case asks a query of its modules; here that is a rule. */
function writeModules({ modules = [], query, input_term, want_result = [] }: OpaCase): Record<string, string> {
  const names = Object.keys(want_result[0] ?? {});
  const bindings = names.map((name) => `${JSON.stringify(name)}: ${name}`).join(', ');
  const given = input_term === undefined ? '' : ` with input as ${input_term}`;
  // As text: OPA puts sets in order there, and what is between the engine and its host is tried.
  const results = `package behalf_case\n\nresults := json.marshal([{${bindings}} | ${query}${given}])\n`;
  return Object.fromEntries([...modules, results].map((text, at) => [`module-${at}.rego`, text]));
}

/** The bindings of all solutions; or `error`. */
function writeWanted({ want_result, strict_error }: OpaCase): unknown {
  if (want_result !== undefined) return parseExactly(writeJson(want_result));
  return strict_error ? [] : 'error';
}

function evaluate(module: WebAssembly.Module, { data = {}, input }: OpaCase, host: Host): unknown {
  try {
    const instance = openInstance(module, withRawNumbers(data), host);
    const [found] = JSON.parse(instance.evaluate(input === undefined ? '' : writeJson(input)));
    return parseExactly(found.result);
  } catch (error) {
    return error;
  }
}

/** What JSON.stringify writes with all digits. */
function withRawNumbers(value: unknown): unknown {
  return JSON.parse(writeJson(value), (_key, each, { source }) =>
    typeof each === 'number' ? JSON.rawJSON(source) : each,
  );
}

/** With numbers as what they are: JavaScript's are not all that JSON has. */
function parseExactly(text: string): unknown {
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && /^-?\d+$/.test(source) ? BigInt(source) : value,
  );
}

/** Solutions have no order, and where the case says so, arrays have none either. */
function sort(results: unknown, { sort_bindings }: OpaCase): unknown {
  if (!Array.isArray(results)) return results;
  const sorted = sort_bindings ? results.map((bindings) => mapValues(bindings, sortArray)) : results;
  return new Set(sorted.map(writeJson));
}

function mapValues(record: object, change: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function sortArray(value: unknown): unknown {
  return Array.isArray(value) ? value.map(writeJson).sort() : value;
}
