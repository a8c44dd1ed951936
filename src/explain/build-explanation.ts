import { keyOf } from '../compile/criteria.ts';
import { listBlocks } from '../compile/list-blocks.ts';
import type { PolicyRule, Route } from '../config/config.ts';
import { plainValue } from '../config/plain-value.ts';
import type { Decision, InputDocument } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import { combine } from './combine.ts';
import type {
  ExplainedBlock,
  ExplainedCriterion,
  ExplainedRego,
  ExplainedSide,
  Explanation,
  Outcome,
  VerdictStep,
} from './explanation.ts';
import { findChanges } from './find-changes.ts';
import { findShown } from './find-shown.ts';
import { findStep } from './find-step.ts';

/** What the modules of `write-explanation-rego.ts` say: the criteria's results in chunks, and those of packages of Rego, by their numbers. */
export interface PolicyResults {
  readonly criteria: Readonly<Record<string, readonly Outcome[]>>;
  readonly rego: Readonly<Record<string, Readonly<Record<PolicyRule['action'], Outcome>>>>;
}

const STATUS: Readonly<Record<VerdictStep, Decision['status']>> = {
  'route-not-found': 404,
  'client-certificate': 495,
  unauthenticated: 401,
  'original-user-invalid': 403,
  denied: 403,
  'original-user-missing': 403,
  allowed: 200,
  'not-allowed': 403,
};

/** What a decision came from. ERR_ENGINE_FAILED where the parts do not add up to it: better none than a wrong one. */
export function buildExplanation(
  input: InputDocument,
  decision: Decision,
  judged: { readonly route: Route; readonly results: PolicyResults } | null,
): Explanation {
  if (judged === null) {
    return {
      decision,
      route: null,
      step: 'route-not-found',
      tree: null,
      changes: { sets: [], limited: false },
    };
  }
  const { route, results } = judged;
  const outcomes = Object.values(results.criteria).flat().values();
  const tree = {
    allow: buildSide('allow', route, outcomes, results, input),
    deny: buildSide('deny', route, outcomes, results, input),
  };
  const hasInvalidOriginal =
    route.passIdentityHeaders && input.original_user_error !== null && input.caller?.type === 'service_account';
  const step = findStep(tree.allow, tree.deny, hasInvalidOriginal);
  if (STATUS[step] !== decision.status) {
    throw new BehalfError('ERR_ENGINE_FAILED', `the decision is ${decision.status}, and its parts say ${step}`);
  }
  return {
    decision,
    route: { id: route.id, name: route.name, position: route.position },
    step,
    tree,
    changes: findChanges(tree, hasInvalidOriginal),
  };
}

function buildSide(
  action: PolicyRule['action'],
  { policy }: Route,
  outcomes: Iterator<Outcome>,
  results: PolicyResults,
  input: InputDocument,
): ExplainedSide {
  const blocks = listBlocks(policy, action).map(({ operator, criteria, position }): ExplainedBlock => {
    const explained = criteria.map((criterion): ExplainedCriterion => {
      const { value, reasons } = next(outcomes);
      const { data, position } = criterion;
      return {
        key: keyOf(criterion),
        position,
        value,
        reasons,
        compared: findShown(criterion, input),
        matcher: plainValue(data),
      };
    });
    return { operator, position, ...combine(operator, explained), criteria: explained };
  });
  const rego = policy.rego.map(({ name, position }, at): ExplainedRego => {
    const { value, reasons } = results.rego[at]?.[action] ?? missing();
    return { package: `data.${name}`, position, value, reasons };
  });
  return { ...combine('or', [...blocks, ...rego]), blocks, rego };
}

function next(outcomes: Iterator<Outcome>): Outcome {
  const { value, done } = outcomes.next();
  return done ? missing() : value;
}

function missing(): never {
  throw new BehalfError('ERR_ENGINE_FAILED', 'a part of the policy says nothing');
}
