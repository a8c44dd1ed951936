import { writeProblem } from '../errors.ts';
import type { CoveredLine } from './measure-coverage.ts';

export interface Coverage {
  /** 0 to 100, of all that criteria can come out as. */
  readonly percent: number;
  /** A line for each criterion that does not come out as it can, and one that counts. */
  readonly text: string;
}

/** What cases leave out, for people, in the form of problems, so that editors lead to it. */
export function writeCoverage(lines: readonly CoveredLine[]): Coverage {
  const outcomes = lines.flatMap(({ can, isTrue, isFalse }) => can.map((value) => (value ? isTrue : isFalse)));
  const reached = outcomes.filter(Boolean).length;
  // Rounded down: what a threshold refuses does not look as if it reached it.
  const percent = outcomes.length === 0 ? 100 : Math.floor((1000 * reached) / outcomes.length) / 10;
  const missing = lines.flatMap(({ key, position, can, isTrue, isFalse }) => {
    const never = can.filter((value) => !(value ? isTrue : isFalse));
    if (never.length === 0) return [];
    const isJudged = isTrue || isFalse;
    const message = isJudged ? `no case makes it ${never.join(' or ')}` : 'no case comes here';
    return [writeProblem({ severity: 'warning', position, message: `${key}: ${message}` })];
  });
  const count = `coverage: ${reached} of ${outcomes.length} outcomes of ${lines.length} criteria (${percent.toFixed(1)} %)`;
  return { percent, text: [...missing, count, ''].join('\n') };
}
