import { keyOf } from '../compile/criteria.ts';
import type { Config } from '../config/config.ts';
import type { InputDocument } from '../engine/documents.ts';
import type { Position } from '../errors.ts';
import type { Explainer } from '../explain/create-explainer.ts';

/** What cases make of one criterion, or of one package of Rego, at its place in the YAML. */
export interface CoveredLine {
  readonly key: string;
  readonly position: Position;
  readonly isTrue: boolean;
  readonly isFalse: boolean;
  /** Whether it can be true, and whether false: `accept` is never false. */
  readonly can: readonly boolean[];
}

/** These have one value, whatever the request. */
const CONSTANT: ReadonlyMap<string, boolean> = new Map([
  ['accept', true],
  ['reject', false],
]);

/**
 * Which criteria of a configuration come out true, and which false, for the requests of cases, whatever is decided on
 * them. What stands once and is used by several routes, behind an anchor, is one. In the order of the file.
 */
export function measureCoverage(
  config: Config,
  inputs: readonly InputDocument[],
  explainer: Explainer,
): readonly CoveredLine[] {
  const lines = new Map<string, CoveredLine>();
  const note = (key: string, position: Position, value: boolean | null): void => {
    const place = `${position.file}:${position.line}:${position.column}:${key}`;
    const constant = CONSTANT.get(key);
    const line = lines.get(place) ?? {
      key,
      position,
      isTrue: false,
      isFalse: false,
      can: constant === undefined ? [true, false] : [constant],
    };
    lines.set(place, { ...line, isTrue: line.isTrue || value === true, isFalse: line.isFalse || value === false });
  };
  for (const { policy } of config.routes) {
    const criteria = policy.rules.flatMap(({ blocks }) => blocks.flatMap((block) => block.criteria));
    for (const criterion of criteria) note(keyOf(criterion), criterion.position, null);
    for (const { name, position } of policy.rego) note(`rego data.${name}`, position, null);
  }
  for (const input of inputs) {
    const { tree } = explainer.explain(input);
    if (tree === null) continue;
    const { allow, deny } = tree;
    for (const { key, position, value } of [...allow.blocks, ...deny.blocks].flatMap((block) => block.criteria)) {
      note(key, position, value);
    }
    // A package has a say in both actions, and most packages use one.
    for (const [at, { package: name, position, value }] of allow.rego.entries()) {
      note(`rego ${name}`, position, value || deny.rego[at]?.value === true);
    }
  }
  return [...lines.values()].sort(
    ({ position: one }, { position: other }) => one.line - other.line || one.column - other.column,
  );
}
