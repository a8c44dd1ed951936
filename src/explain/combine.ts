import type { PolicyBlock } from '../config/config.ts';
import type { Outcome } from './explanation.ts';

/** What a block says, as policy/logic/logic.rego has it. */
export function combine(operator: PolicyBlock['operator'], outcomes: readonly Outcome[]): Outcome {
  switch (operator) {
    case 'and':
      // Of nothing it is false.
      return outcomes.length === 0 ? join([], false) : decide(outcomes, false);
    case 'or':
      return decide(outcomes, true);
    case 'not':
      return combine('and', invert(outcomes));
    case 'nor':
      return combine('or', invert(outcomes));
  }
}

/** One outcome with the deciding value decides; without one, all agree on the other. */
function decide(outcomes: readonly Outcome[], deciding: boolean): Outcome {
  const decisive = outcomes.filter(({ value }) => value === deciding);
  return decisive.length > 0 ? join(decisive, deciding) : join(outcomes, !deciding);
}

function join(outcomes: readonly Outcome[], value: boolean): Outcome {
  return { value, reasons: [...new Set(outcomes.flatMap(({ reasons }) => reasons))].sort() };
}

function invert(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.map(({ value, reasons }) => ({ value: !value, reasons }));
}
