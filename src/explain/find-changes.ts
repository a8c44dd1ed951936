import type { PolicyBlock } from '../config/config.ts';
import type { Position } from '../errors.ts';
import { combine } from './combine.ts';
import type {
  ChangeGroup,
  ChangeSet,
  Changes,
  ExplainedCriterion,
  ExplainedRego,
  ExplainedSide,
  Outcome,
  PolicyTree,
} from './explanation.ts';
import { findStep, UNAUTHENTICATED } from './find-step.ts';

/**
 * How many parts may be looked at for all that is tried, which takes some 20 ms: other requests wait. A policy of usual
 * size has a handful of kinds.
 */
const MAX_LOOKS = 100_000;

/** These say the same of every request. */
const CONSTANT = ['accept', 'reject'];

/** What can come out the other way. What is written in several places is one part, and changes in all of them. */
interface Part extends Outcome {
  readonly key: string;
  readonly matcher: unknown;
  readonly positions: Position[];
  /** The blocks that it is in. */
  readonly places: string[];
}

/** Parts that come out alike, in the same blocks: it makes no difference which of them changes. */
type PartKind = readonly Part[];

interface Side {
  readonly blocks: readonly (Outcome & Pick<PolicyBlock, 'operator'> & { readonly parts: readonly Part[] })[];
  readonly rego: readonly Part[];
}

/** What, by coming out the other way, would make an allow of what is none, or end what is one. */
export function findChanges(tree: PolicyTree, hasInvalidOriginal: boolean): Changes {
  const parts = new Map<string, Part>();
  const allow = listParts('allow', tree.allow, parts);
  const deny = listParts('deny', tree.deny, parts);
  const isAllowed = (...flipped: readonly Part[]): boolean =>
    findStep(judgeSide(allow, flipped), judgeSide(deny, flipped), hasInvalidOriginal) === 'allowed';

  const size = [...parts.values()].reduce((sum, { places }) => sum + places.length, 0);
  const kinds = listKinds([...parts.values()]);
  if (kinds.length * size > MAX_LOOKS) return { sets: [], limited: true };
  const now = isAllowed();
  const sets: ChangeSet[] = [];
  const others: PartKind[] = [];
  for (const kind of kinds) {
    if (isAllowed(...kind.slice(0, 1)) !== now) sets.push([writeGroup(kind)]);
    else others.push(kind);
  }
  const limited = (others.length ** 2 / 2) * size > MAX_LOOKS;
  for (const [at, one] of limited ? [] : others.entries()) {
    for (const other of others.slice(at)) {
      const two = one === other ? one.slice(0, 2) : [...one.slice(0, 1), ...other.slice(0, 1)];
      if (two.length < 2 || isAllowed(...two) === now) continue;
      const group = writeGroup(one);
      sets.push([group, one === other ? group : writeGroup(other)]);
    }
  }
  return { sets, limited };
}

/** The parts of a side; those that are new are added to `parts`. */
function listParts(action: string, { blocks, rego }: ExplainedSide, parts: Map<string, Part>): Side {
  const add = (part: ExplainedCriterion | ExplainedRego, place: string): Part => {
    const isCriterion = 'key' in part;
    const id = JSON.stringify(isCriterion ? [part.key, part.matcher] : [action, part.package]);
    const { value, reasons, position } = part;
    const { key, matcher } = isCriterion ? part : { key: `${action} of ${part.package}`, matcher: null };
    const known = parts.get(id) ?? { key, matcher, value, reasons, positions: [], places: [] };
    known.positions.push(position);
    known.places.push(place);
    parts.set(id, known);
    return known;
  };
  return {
    blocks: blocks.map(({ operator, value, reasons, criteria }, at) => ({
      operator,
      value,
      reasons,
      parts: criteria.map((criterion) => add(criterion, `${action} ${at}`)),
    })),
    rego: rego.map((written) => add(written, action)),
  };
}

function judgeSide({ blocks, rego }: Side, flipped: readonly Part[]): Outcome {
  const judge = (part: Part): Outcome => (flipped.includes(part) ? flip(part) : part);
  const outcomes = blocks.map((block) =>
    block.parts.some((part) => flipped.includes(part)) ? combine(block.operator, block.parts.map(judge)) : block,
  );
  return combine('or', [...outcomes, ...rego.map(judge)]);
}

/** With those reasons alone that the verdict's order asks for. */
function flip({ key, value }: Part): Outcome {
  const isInvalid = key === 'invalid_client_certificate' && !value;
  return { value: !value, reasons: isInvalid ? ['invalid-client-certificate'] : [] };
}

function listKinds(parts: readonly Part[]): readonly PartKind[] {
  const flippable = parts.filter(
    // Whoever signs in changes everything that is asked of the caller, and nobody knows to what.
    ({ key, reasons }) => !CONSTANT.includes(key) && !reasons.includes(UNAUTHENTICATED),
  );
  const kinds = Map.groupBy(flippable, ({ value, reasons, places }) => JSON.stringify([value, reasons, places]));
  return [...kinds.values()];
}

function writeGroup(kind: PartKind): ChangeGroup {
  return {
    value: kind[0]?.value === false,
    parts: kind.map(({ key, matcher, positions }) => ({ key, matcher, positions })),
  };
}
