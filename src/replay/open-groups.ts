import type { LoggedDecision } from '../decision-log/logged-decision.ts';

/** Decisions that share `facts`. */
export interface Group<Facts> {
  readonly facts: Facts;
  decisions: number;
  /** ISO 8601, UTC. */
  first: string;
  last: string;
  /** An example. */
  readonly request_id: string;
}

export interface Groups<Facts extends object> {
  add(facts: Facts, line: LoggedDecision): void;
  /** As they came. */
  readonly list: () => readonly Group<Facts>[];
  /** Decisions, all in all. */
  readonly total: () => number;
  /** Those of them that are in no group, as there were too many, or too much to say of them. */
  readonly ungrouped: () => number;
}

const MAX_GROUPS = 10_000;
/** Of the facts of all groups, as JSON: a line's author may be anybody, and a line has room for a megabyte of them. */
const MAX_CHARS = 8 * 2 ** 20;

/** Counts decisions by what they share, in bounded memory. */
export function openGroups<Facts extends object>(): Groups<Facts> {
  const groups = new Map<string, Group<Facts>>();
  let total = 0;
  let ungrouped = 0;
  let chars = 0;
  return {
    add(facts, { time, request_id }) {
      total += 1;
      const key = JSON.stringify(facts);
      const taken = key.length + request_id.length;
      const group = groups.get(key);
      if (group !== undefined) {
        group.decisions += 1;
        if (time < group.first) group.first = time;
        if (time > group.last) group.last = time;
      } else if (groups.size < MAX_GROUPS && chars + taken <= MAX_CHARS) {
        chars += taken;
        // A copy: a part of a text keeps the whole of it in memory, and so a line.
        groups.set(key, { facts: JSON.parse(key), decisions: 1, first: time, last: time, request_id });
      } else {
        ungrouped += 1;
      }
    },
    list: () => [...groups.values()],
    total: () => total,
    ungrouped: () => ungrouped,
  };
}
