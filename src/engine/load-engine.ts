import { Ajv } from 'ajv';
import schema from '../../policy/schema/decision.json' with { type: 'json' };
import { BehalfError } from '../errors.ts';
import { openCache } from '../open-cache.ts';
import type { Reads } from '../reads.ts';
import type { Decision, InputDocument } from './documents.ts';
import { type Host, loadHost } from './load-host.ts';
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
  /**
   * What a further entrypoint of the policy, by its number as compiled, gives for an input; undefined where that is
   * undefined. ERR_ENGINE_FAILED whatever went wrong.
   */
  query(entrypoint: number, input: InputDocument): unknown;
}

export interface EngineOptions {
  readonly wasm: Uint8Array;
  readonly data: unknown;
  /** Nothing is left out or remembered for a route that is not in it. */
  readonly reads?: Reads;
  /** The ids of routes whose policy can only allow: where a builtin failed, no deny can have been missed. */
  readonly allowOnly?: ReadonlySet<string>;
  /**
   * What is wrong with the policy of a route, by its id, in words of whoever wrote it: by what OPA said, which is null
   * where the decision was undefined. Null where there is no more to say.
   */
  readonly explainFailure?: (failure: string | null, routeId: string) => string | null;
}

/**
 * Loads a compiled policy, whose first entrypoint is the decision, and its data; and OPA's builtins (`loadHost`), where the
 * policy calls any that is not in WebAssembly itself. ERR_ENGINE_FAILED where that cannot be done.
 *
 * An evaluation takes some 50 us, most of them to build and to hand over the two documents. A policy depends on nothing
 * but its input and data, so what is equal as far as the route's policy can read it is evaluated once.
 */
export async function loadEngine({
  wasm,
  data,
  reads = {},
  allowOnly,
  explainFailure,
}: EngineOptions): Promise<Engine> {
  const module = await WebAssembly.compile(wasm).catch((cause: unknown) => {
    throw failed('the policy is not a WebAssembly module', cause);
  });
  const readsOf = new Map(Object.entries(reads));
  const remembered = openCache<Decision>(REMEMBERED);
  let instance: Instance | null = instantiate(module, data, null);
  const host = instance.hostBuiltins.length === 0 ? null : await loadHost();
  if (host !== null) instance = null;

  const explain = (failure: string | null, input: InputDocument): string | null =>
    explainFailure?.(failure, input?.route?.id) ?? null;

  const evaluate = (entrypoint: number, input: InputDocument): unknown[] => {
    try {
      instance ??= instantiate(module, data, host);
      return JSON.parse(instance.evaluate(JSON.stringify(input), entrypoint, input?.time_ns));
    } catch (cause) {
      // A trap leaves memory in the middle of something, and what ran away has grown it for good.
      instance = null;
      throw failed('the policy could not be evaluated', cause, explain(messageOf(cause), input));
    }
  };

  const decideAnew = (input: InputDocument): Decision => {
    const results = evaluate(0, input);
    if (results.length !== 1) {
      throw failed('the policy gave no decision', results, explain(null, input) ?? 'none is defined for this input');
    }
    const { result } = results[0] as { result: unknown };
    if (!isDecision(result)) {
      throw failed('the policy gave what is not a decision', ajv.errorsText(isDecision.errors));
    }
    if (result.allow && !allowOnly?.has(input.route.id)) checkBuiltins(instance);
    return result;
  };

  const judge = (input: InputDocument): Decision => {
    const read = readsOf.get(input?.route?.id);
    if (read === undefined) return decideAnew(input);
    const key = writeKey(input, read);
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const decision = decideAnew(narrowInput(input, read));
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
    query(entrypoint, input) {
      const [found] = evaluate(entrypoint, input) as { result: unknown }[];
      return found?.result;
    },
  };
}

function instantiate(module: WebAssembly.Module, data: unknown, host: Host | null): Instance {
  try {
    return openInstance(module, data, host);
  } catch (cause) {
    throw failed('the policy cannot be loaded', cause);
  }
}

/** A builtin that fails is undefined, so a deny that needs it does not fire: nobody is let in by that. */
function checkBuiltins(instance: Instance | null): void {
  if (instance === null || instance.failed.size === 0) return;
  throw failed(
    'what the policy allows, a deny might have refused',
    `builtins failed: ${[...instance.failed].join(', ')}`,
  );
}

function failed(what: string, cause: unknown, why: string | null = null): BehalfError {
  return new BehalfError('ERR_ENGINE_FAILED', `${what}: ${why ?? messageOf(cause)}`, { cause });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
