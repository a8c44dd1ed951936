/// <reference lib="esnext.temporal" />
import type { Located } from '../config/config.ts';
import type { Problems } from '../config/problems.ts';
import { writeBounds } from './write-bounds.ts';

/** ISO 8601 in Pomerium's use of it: a date, perhaps with a time, perhaps with an offset. */
const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * Checks the data of `date` and writes it as a Rego object; `after` and `before` are nanoseconds since 1970, as
 * `input.time_ns` is. A date without an offset is one of `timezone`, else of UTC. Undefined where it is wrong; each fault
 * goes to `problems`.
 */
export function writeDate(name: string, data: Located, problems: Problems): string | undefined {
  const type = 'a date such as 2030-01-31 or 2030-01-31T18:00:00';
  return writeBounds(name, data, { type, timeZone: 'UTC', wraps: false, parse: parseDate }, problems);
}

function parseDate(text: string, timeZone: string): bigint | Error | null {
  const [match, offset] = DATE.exec(text) ?? [];
  if (match === undefined) return null;
  try {
    if (offset !== undefined) return Temporal.Instant.from(text).epochNanoseconds;
    const local = Temporal.PlainDateTime.from(text);
    const first = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' }).epochNanoseconds;
    const last = local.toZonedDateTime(timeZone, { disambiguation: 'later' }).epochNanoseconds;
    return first === last
      ? first
      : new Error(`is a time that ${timeZone} has twice or never: add its offset, as in +01:00`);
  } catch {
    return null;
  }
}
