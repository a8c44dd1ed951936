import * as opaWasm from '@open-policy-agent/opa-wasm';
import { Ajv } from 'ajv';
import schema from '../../policy/schema/decision.json' with { type: 'json' };
import { BehalfError } from '../errors.ts';
import type { Decision, InputDocument } from './documents.ts';

// Its types leave out that, imported, it has all but one function under `default`.
const { loadPolicySync } = (opaWasm as unknown as { default: typeof opaWasm }).default;

const ajv = new Ajv();
const isDecision = ajv.compile<Decision>(schema);

/** In pages of 64 KiB: what runs away stops at 256 MiB. */
const MEMORY = { initial: 5, maximum: 4096 };

export interface Engine {
  /**
   * Judges one request, in some 15 us. Gives a decision document and never anything else: ERR_ENGINE_FAILED whatever
   * went wrong, which is never an allow.
   */
  decide(input: InputDocument): Decision;
}

/**
 * Loads a compiled policy, whose first entrypoint is the decision, and its data. ERR_ENGINE_FAILED where that cannot be
 * done, or the policy calls a builtin that is not in WebAssembly itself.
 */
export async function loadEngine(policy: { readonly wasm: Uint8Array; readonly data: unknown }): Promise<Engine> {
  const module = await WebAssembly.compile(policy.wasm).catch((cause: unknown) => {
    throw failed('the policy is not a WebAssembly module', cause);
  });
  let instance: opaWasm.LoadedPolicy | null = instantiate(module, policy.data);

  return {
    decide(input) {
      let results: unknown;
      try {
        instance ??= instantiate(module, policy.data);
        results = instance.evaluate(input);
      } catch (cause) {
        // A trap leaves memory in the middle of something, and what ran away has grown it for good.
        instance = null;
        throw failed('the policy could not be evaluated', cause);
      }
      if (!Array.isArray(results) || results.length !== 1) {
        throw failed('the policy gave no decision, or several', results);
      }
      const { result } = results[0];
      if (!isDecision(result)) {
        throw failed('the policy gave what is not a decision', ajv.errorsText(isDecision.errors));
      }
      return result;
    },
  };
}

function instantiate(module: WebAssembly.Module, data: unknown): opaWasm.LoadedPolicy {
  let instance: opaWasm.LoadedPolicy;
  try {
    instance = loadPolicySync(module, MEMORY);
    instance.setData(data as object);
  } catch (cause) {
    throw failed('the policy cannot be loaded', cause);
  }
  const builtins = listHostBuiltins(instance);
  if (builtins.length > 0) {
    throw failed('the policy calls builtins that WebAssembly does not have', builtins.join(', '));
  }
  return instance;
}

/** The builtins that the module wants from its host: opa-wasm has some, and finds out about others when they are called. */
function listHostBuiltins(instance: opaWasm.LoadedPolicy): string[] {
  const { exports } = instance.wasmInstance as {
    exports: { builtins(): number; opa_json_dump(address: number): number };
  };
  const start = exports.opa_json_dump(exports.builtins());
  const memory = new Uint8Array(instance.mem.buffer);
  return Object.keys(JSON.parse(new TextDecoder().decode(memory.subarray(start, memory.indexOf(0, start)))));
}

/** opa-wasm throws errors, strings and plain objects. */
function failed(what: string, cause: unknown): BehalfError {
  const why = cause instanceof Error ? cause.message : typeof cause === 'string' ? cause : JSON.stringify(cause);
  return new BehalfError('ERR_ENGINE_FAILED', `${what}: ${why}`, { cause });
}
