import type { PolicyBlock } from '../config/config.ts';
import type { Decision } from '../engine/documents.ts';
import type { Position } from '../errors.ts';

/** Why a request was decided as it was. It is JSON as it stands, and holds no text of the configuration that may be secret. */
export interface Explanation {
  readonly decision: Decision;
  /** Null where none answers to the request's address: nothing was judged then. */
  readonly route: ExplainedRoute | null;
  /** Which step of the verdict's order decided. */
  readonly step: VerdictStep;
  /** Null without a route. */
  readonly tree: PolicyTree | null;
  readonly changes: Changes;
}

export interface PolicyTree {
  readonly allow: ExplainedSide;
  readonly deny: ExplainedSide;
}

export interface ExplainedRoute {
  readonly id: string;
  readonly name: string;
  readonly position: Position;
}

export interface Outcome {
  readonly value: boolean;
  /** Sorted. */
  readonly reasons: readonly string[];
}

/** One side of a policy: true where one of its blocks or modules is. */
export interface ExplainedSide extends Outcome {
  readonly blocks: readonly ExplainedBlock[];
  /** One a package of Rego. */
  readonly rego: readonly ExplainedRego[];
}

export interface ExplainedBlock extends Outcome {
  readonly operator: PolicyBlock['operator'];
  readonly position: Position;
  readonly criteria: readonly ExplainedCriterion[];
}

export interface ExplainedRego extends Outcome {
  /** As in `data.app.access`. */
  readonly package: string;
  readonly position: Position;
}

export interface ExplainedCriterion extends Outcome {
  /** As in the YAML: `email`, `claim/department`. */
  readonly key: string;
  readonly position: Position;
  /** What the request has, times in the criterion's zone; null where nothing is compared. */
  readonly compared: unknown;
  /** What the YAML asks for, as it is written there. */
  readonly matcher: unknown;
}

/** DESIGN "The verdict's order", by its numbers. */
export const VERDICT_STEPS = [
  'route-not-found',
  'client-certificate',
  'unauthenticated',
  'original-user-invalid',
  'denied',
  'original-user-missing',
  'allowed',
  'not-allowed',
] as const;
export type VerdictStep = (typeof VERDICT_STEPS)[number];

/** What would make it an allow, if it is none, and else what would end that. */
export interface Changes {
  /** The smallest sets, of one part of the policy or two, that would do by coming out the other way. */
  readonly sets: readonly ChangeSet[];
  /** Whether sets of two, or any at all where there are none of one, were not looked for, as the policy is too large. */
  readonly limited: boolean;
}

/** Of each of these groups one part has to come out the other way. */
export type ChangeSet = readonly [ChangeGroup] | readonly [ChangeGroup, ChangeGroup];

/** Parts of the policy of which it makes no difference which one changes. */
export interface ChangeGroup {
  /** What they would have to be. */
  readonly value: boolean;
  readonly parts: readonly ChangePart[];
}

export interface ChangePart {
  /** The criterion's key; the package of Rego, as in `data.app.access`. */
  readonly key: string;
  /** Of every place where the same is written. */
  readonly positions: readonly Position[];
  readonly matcher: unknown;
}
