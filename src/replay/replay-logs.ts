import type { LoggedDecision } from '../decision-log/logged-decision.ts';
import { parseLine } from '../decision-log/parse-line.ts';
import { BehalfError } from '../errors.ts';
import { type Group, type Groups, openGroups } from './open-groups.ts';
import type { Judge, Outcome } from './open-judge.ts';
import { readLines } from './read-lines.ts';
import { replayLine } from './replay-line.ts';

/** Who asked, and for whom; null for nobody. */
export interface User {
  readonly caller: string | null;
  readonly caller_type: string | null;
  readonly email: string;
  readonly original_user: string | null;
}

export interface Flip extends User {
  /** Null for none. */
  readonly route: string | null;
  readonly new_route: string | null;
  readonly old: Outcome;
  readonly new: Outcome;
  /** What a policy may read and the log does not hold: judged as if it were not there. */
  readonly unsure: readonly string[];
}

interface Unjudged {
  readonly route: string | null;
  readonly why: string;
}

/** What was judged with something as if it were not there. */
type Unsure = Pick<Flip, 'route' | 'unsure'>;

/** What the old configuration does not decide as the log says that it was decided. */
interface Differing extends Pick<Flip, 'route' | 'old'> {
  readonly logged: Outcome;
}

type Listed<Facts> = readonly (Facts & Omit<Group<Facts>, 'facts'>)[];

export interface Report {
  readonly old: string;
  readonly new: string;
  /** Decisions that could be read. */
  readonly decisions: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly flipped: number;
  readonly flips: Listed<Flip>;
  /** Flips that `flips` has no place for. */
  readonly flips_not_listed: number;
  readonly not_judged: number;
  readonly not_judged_because: Listed<Unjudged>;
  /** Whether they flip or not. */
  readonly unsure: Listed<Unsure>;
  readonly not_as_logged: Listed<Differing>;
  readonly bad_lines: number;
  /** The first of them. */
  readonly bad: readonly { readonly file: string; readonly line: number; readonly why: string }[];
}

const MAX_BAD = 20;
const MAX_TEXT = 256;

/** Judges each line of these logs by both configurations. Throws ERR_LOG_UNREADABLE. */
export async function replayLogs(older: Judge, newer: Judge, files: readonly string[]): Promise<Report> {
  const flips = openGroups<Flip>();
  const unjudged = openGroups<Unjudged>();
  const unsure = openGroups<Unsure>();
  const differing = openGroups<Differing>();
  const bad: Report['bad'][number][] = [];
  let badLines = 0;
  let decisions = 0;
  let first: string | null = null;
  let last: string | null = null;

  const replay = (line: LoggedDecision): void => {
    decisions += 1;
    if (first === null || line.time < first) first = line.time;
    if (last === null || line.time > last) last = line.time;
    const { route } = line;
    const replayed = replayLine(line, older, newer);
    if (replayed.kind === 'unjudged') {
      unjudged.add({ route, why: replayed.why }, line);
      return;
    }
    const { old, new: next, newRoute } = replayed;
    if (replayed.flips) {
      flips.add({ route, new_route: newRoute, old, new: next, unsure: replayed.unsure, ...userOf(line) }, line);
    }
    if (replayed.unsure.length > 0) unsure.add({ route, unsure: replayed.unsure }, line);
    if (!replayed.isAsLogged) {
      const { allow, status, reasons } = line.decision;
      differing.add({ route, old, logged: { allow, status, reasons } }, line);
    }
  };

  for (const file of files) {
    for await (const { number, text } of readLines(file)) {
      const line = parse(text);
      if (typeof line !== 'string') {
        replay(line);
      } else {
        badLines += 1;
        if (bad.length < MAX_BAD) bad.push({ file, line: number, why: line });
      }
    }
  }
  return {
    old: older.file,
    new: newer.file,
    decisions,
    first,
    last,
    flipped: flips.total(),
    flips: list(flips),
    flips_not_listed: flips.ungrouped(),
    not_judged: unjudged.total(),
    not_judged_because: list(unjudged),
    unsure: list(unsure),
    not_as_logged: list(differing),
    bad_lines: badLines,
    bad,
  };
}

/** The line, or why it is none. */
function parse(text: string | null): LoggedDecision | string {
  if (text === null) return 'longer than any line of a decision log';
  try {
    return parseLine(text);
  } catch (error) {
    if (!(error instanceof BehalfError)) throw error;
    return cut(error.message);
  }
}

function userOf({ input: { caller, original_user } }: LoggedDecision): User {
  return {
    caller: caller && cut(caller.id),
    caller_type: caller?.type ?? null,
    email: cut(caller?.email ?? ''),
    original_user: original_user && cut(original_user.id),
  };
}

/** What is kept must be bounded, and a line's author may be anybody. */
function cut(text: string): string {
  return text.slice(0, MAX_TEXT);
}

function list<Facts extends object>(groups: Groups<Facts>): Listed<Facts> {
  return groups
    .list()
    .map(({ facts, ...rest }) => ({ ...facts, ...rest }))
    .sort((one, other) => other.decisions - one.decisions);
}
