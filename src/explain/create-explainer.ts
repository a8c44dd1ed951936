import type { Config } from '../config/config.ts';
import type { InputDocument } from '../engine/documents.ts';
import type { Engine } from '../engine/load-engine.ts';
import { BehalfError } from '../errors.ts';
import { buildExplanation, type PolicyResults } from './build-explanation.ts';
import type { Explanation } from './explanation.ts';
import { EXPLANATION_ENTRYPOINT } from './write-explanation-rego.ts';

export interface Explainer {
  /** ERR_ENGINE_FAILED where there is no decision, or none that what the policy's parts say adds up to. */
  explain(input: InputDocument): Explanation;
}

/** Explains the decisions of an engine that was compiled with `writeExplanationRego`, from the same configuration. */
export function createExplainer({ routes }: Pick<Config, 'routes'>, engine: Engine): Explainer {
  const byId = new Map(routes.map((route) => [route.id, route]));
  return {
    explain(input) {
      const decision = engine.decide(input);
      const route = byId.get(input.route.id) ?? null;
      if (route === null) return buildExplanation(input, decision, null);
      const results = engine.query(EXPLANATION_ENTRYPOINT, input) as PolicyResults | undefined;
      if (results === undefined)
        throw new BehalfError('ERR_ENGINE_FAILED', 'the policy does not say what it is made of');
      return buildExplanation(input, decision, { route, results });
    },
  };
}
