import type { Position } from '../errors.ts';

/** What became of one case, of a YAML file or of Rego. */
export interface Result {
  readonly name: string;
  readonly position: Position;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Of a failure, what was found; of a case that was skipped, why. */
  readonly note: string;
  /** Empty unless it failed. */
  readonly mismatches: readonly Mismatch[];
}

export interface Mismatch {
  /** As in `reasons` or `request_headers x-team`. */
  readonly subject: string;
  /** Where it is said what is expected. */
  readonly position: Position;
  /** A line a value. */
  readonly expected: readonly string[];
  readonly found: readonly string[];
}
