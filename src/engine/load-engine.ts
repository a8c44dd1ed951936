import { Ajv } from 'ajv';
import schema from '../../policy/schema/decision.json' with { type: 'json' };
import { BehalfError } from '../errors.ts';
import { openCache } from '../open-cache.ts';
import type { Reads } from '../reads.ts';
import type { Decision, InputDocument } from './documents.ts';
import { narrowInput } from './narrow-input.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { writeKey } from './write-key.ts';

const ajv = new Ajv();
const isDecision = ajv.compile<Decision>(schema);

/** Of what was decided: a few thousand callers on their usual routes. */
const REMEMBERED = { count: 4096, bytes: 32 * 2 ** 20 };

export interface Engine {
  /**
   * Judges one request. Gives a decision document, which later requests may get too, and never anything else:
   * ERR_ENGINE_FAILED whatever went wrong, which is never an allow.
   */
  decide(input: InputDocument): Decision;
}

export interface EngineOptions {
  readonly wasm: Uint8Array;
  readonly data: unknown;
  /** Nothing is left out or remembered for a route that is not in it. */
  readonly reads?: Reads;
}

/**
 * Loads a compiled policy, whose first entrypoint is the decision, and its data. ERR_ENGINE_FAILED where that cannot be
 * done, or the policy calls a builtin that is not in WebAssembly itself.
 *
 * An evaluation takes some 50 us, most of them to build and to hand over the two documents. A policy depends on nothing
 * but its input and data, so what is equal as far as the route's policy can read it is evaluated once.
 */
export async function loadEngine({ wasm, data, reads = {} }: EngineOptions): Promise<Engine> {
  const module = await WebAssembly.compile(wasm).catch((cause: unknown) => {
    throw failed('the policy is not a WebAssembly module', cause);
  });
  const readsOf = new Map(Object.entries(reads));
  const remembered = openCache<Decision>(REMEMBERED);
  let instance: Instance | null = instantiate(module, data);

  const evaluate = (input: InputDocument): Decision => {
    let results: unknown;
    try {
      instance ??= instantiate(module, data);
      results = JSON.parse(instance.evaluate(JSON.stringify(input)));
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
  };

  const judge = (input: InputDocument): Decision => {
    const read = readsOf.get(input?.route?.id);
    if (read === undefined) return evaluate(input);
    const key = writeKey(input, read);
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const decision = evaluate(narrowInput(input, read));
    // A decision says little that neither its key nor the configuration says.
    remembered.set(key, decision, 4 * key.length);
    return decision;
  };

  return {
    decide(input) {
      try {
        return judge(input);
      } catch (cause) {
        throw cause instanceof BehalfError ? cause : failed('the input is not an input document', cause);
      }
    },
  };
}

function instantiate(module: WebAssembly.Module, data: unknown): Instance {
  let instance: Instance;
  try {
    instance = openInstance(module, data);
  } catch (cause) {
    throw failed('the policy cannot be loaded', cause);
  }
  if (instance.hostBuiltins.length > 0) {
    throw failed('the policy calls builtins that WebAssembly does not have', instance.hostBuiltins.join(', '));
  }
  return instance;
}

/** opa-wasm throws errors, strings and plain objects. */
function failed(what: string, cause: unknown): BehalfError {
  const why = cause instanceof Error ? cause.message : typeof cause === 'string' ? cause : JSON.stringify(cause);
  return new BehalfError('ERR_ENGINE_FAILED', `${what}: ${why}`, { cause });
}
