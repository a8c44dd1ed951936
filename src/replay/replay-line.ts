import type { Route } from '../config/config.ts';
import type { LoggedDecision } from '../decision-log/logged-decision.ts';
import { type Gaps, listGaps } from './list-gaps.ts';
import type { Judge, Outcome } from './open-judge.ts';
import { withoutMasked } from './without-masked.ts';

export type Replayed =
  | { readonly kind: 'unjudged'; readonly why: string }
  | {
      readonly kind: 'judged';
      readonly old: Outcome;
      readonly new: Outcome;
      readonly flips: boolean;
      /** The route that it comes to now; null for none. */
      readonly newRoute: string | null;
      /** What was judged as if it were not there, though a policy may read it. */
      readonly unsure: readonly string[];
      /** Whether the old configuration gives what the line says. */
      readonly isAsLogged: boolean;
    };

/**
 * Judges a recorded decision by two configurations. Where the old one leads the request to the route that the line names,
 * the new one leads it as its proxy would; else, as with a log of other hosts, the route's name alone counts.
 */
export function replayLine(line: LoggedDecision, older: Judge, newer: Judge): Replayed {
  const { route: name } = line;
  const input = withoutMasked(line);
  const matched = older.match(input);
  const leads = (matched?.name ?? null) === name;
  const find = (judge: Judge): Route | null => (leads || name === null ? judge.match(input) : judge.find(name));
  const oldRoute = find(older);
  const newRoute = find(newer);
  if (oldRoute === null && name !== null) {
    return { kind: 'unjudged', why: `${older.file} has no route of that name` };
  }

  const oldGaps = gapsOf(line, older, oldRoute);
  const newGaps = gapsOf(line, newer, newRoute);
  const missing = [...new Set([...oldGaps.missing, ...newGaps.missing])];
  if (missing.length > 0) return { kind: 'unjudged', why: `not recorded, but read: ${missing.join(', ')}` };

  const old = older.judge(input, oldRoute);
  const next = newer.judge(input, newRoute);
  return {
    kind: 'judged',
    old,
    new: next,
    flips: !isSame(old, next),
    newRoute: newRoute?.name ?? null,
    unsure: [...new Set([...oldGaps.unsure, ...newGaps.unsure])],
    isAsLogged: isSame(old, line.decision) && old.reasons.join() === line.decision.reasons.join(),
  };
}

function gapsOf(line: LoggedDecision, judge: Judge, route: Route | null): Gaps {
  return route === null ? { missing: [], unsure: [] } : listGaps(line, judge.readsOf(route));
}

/** For whoever asks; reasons are for those who read logs. */
function isSame(one: Outcome, other: Outcome): boolean {
  return one.allow === other.allow && one.status === other.status;
}
