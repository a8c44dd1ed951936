import { escapeControls } from '../escape-controls.ts';
import type { Outcome } from './open-judge.ts';
import type { Report, User } from './replay-logs.ts';

type Flip = Report['flips'][number];

/** Users of one flip. */
const MAX_USERS = 20;

/** A report for people, in lines; what came from a log cannot move the cursor. */
export function writeReport(report: Report): string {
  const { flipped, flips_not_listed, not_judged, bad_lines } = report;
  const lines = [`${count(report.decisions, 'decision')}${writeSpan(report)}: ${flipped} flip`];

  for (const [route, ofRoute] of Map.groupBy(report.flips, ({ route, new_route }) => writeRoutes(route, new_route))) {
    lines.push('', route);
    for (const [change, ofChange] of Map.groupBy(ofRoute, writeChange)) {
      lines.push(`  ${change}`, ...ofChange.slice(0, MAX_USERS).map((flip) => `    ${writeUser(flip)}`));
      const others = ofChange.slice(MAX_USERS);
      if (others.length > 0)
        lines.push(`    and ${others.length} more users, ${sum(others)} decisions: --json lists them`);
    }
  }
  if (flips_not_listed > 0) lines.push('', `and ${flips_not_listed} flips of too many kinds to list`);

  if (not_judged > 0) {
    lines.push('', `not judged: ${not_judged}`);
    for (const each of report.not_judged_because) {
      lines.push(
        `  ${each.decisions}  ${writeRoute(each.route)}: ${escapeControls(each.why)} (request ${show(each.request_id)})`,
      );
    }
  }
  if (report.unsure.length > 0) {
    lines.push('', 'judged as if it were not there, as the log does not hold it and the policy may read it:');
    for (const { decisions, route, unsure } of report.unsure) {
      lines.push(`  ${decisions}  ${writeRoute(route)}: ${writeNames(unsure)}`);
    }
  }
  if (report.not_as_logged.length > 0) {
    lines.push('', `decided otherwise by ${report.old} than the log says, so it may not be what served then:`);
    for (const { decisions, route, old, logged, request_id } of report.not_as_logged) {
      const change = `${writeOutcome(logged)} in the log, ${writeOutcome(old)} now`;
      lines.push(`  ${decisions}  ${writeRoute(route)}: ${change} (request ${show(request_id)})`);
    }
  }
  if (bad_lines > 0) {
    lines.push('', `lines that are no decisions: ${bad_lines}`);
    lines.push(...report.bad.map(({ file, line, why }) => escapeControls(`  ${file}:${line}: ${why}`)));
    if (bad_lines > report.bad.length) lines.push(`  and ${bad_lines - report.bad.length} more`);
  }
  return `${lines.join('\n')}\n`;
}

function writeSpan({ first, last }: Report): string {
  return first === null || last === null ? '' : ` of ${first} to ${last}`;
}

function writeRoutes(old: string | null, next: string | null): string {
  return old === next ? writeRoute(old) : `${writeRoute(old)}, now ${writeRoute(next)}`;
}

function writeRoute(name: string | null): string {
  return name === null ? 'no route' : `route ${show(name)}`;
}

function writeChange({ old, new: next, unsure }: Flip): string {
  const caveat = unsure.length === 0 ? '' : `, not sure: ${writeNames(unsure)}`;
  return `${writeOutcome(old)} -> ${writeOutcome(next)}${caveat}`;
}

function writeOutcome({ status, reasons }: Outcome): string {
  return [status, ...reasons.map(show)].join(' ');
}

function writeUser(flip: Flip): string {
  const { decisions, first, last, request_id } = flip;
  const when = first === last ? first : `${first} to ${last}`;
  return `${decisions}  ${writeName(flip)}  ${when}  request ${show(request_id)}`;
}

function writeName({ caller, caller_type, email, original_user }: User): string {
  if (caller === null) return 'nobody';
  const kind = caller_type === 'service_account' ? 'service account ' : '';
  const address = email === '' || email === caller ? '' : ` <${show(email)}>`;
  return `${kind}${show(caller)}${address}${original_user === null ? '' : ` for ${show(original_user)}`}`;
}

function writeNames(names: readonly string[]): string {
  return names.map(show).join(', ');
}

/** A name as it is where nobody can take it for more than one word, else in quotes. */
function show(name: string): string {
  return /^[\w@.+:/|-]+$/.test(name) ? name : escapeControls(JSON.stringify(name));
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function sum(flips: readonly Flip[]): number {
  return flips.reduce((total, { decisions }) => total + decisions, 0);
}
