/// <reference lib="esnext.temporal" />
import { findCompared, keyOf } from '../compile/criteria.ts';
import type { Criterion } from '../config/config.ts';
import { plainValue } from '../config/plain-value.ts';
import type { InputDocument } from '../engine/documents.ts';

/** Of a criterion on time, what it compares of a moment in its zone. */
const ZONED: ReadonlyMap<string, (moment: Temporal.ZonedDateTime) => string> = new Map([
  ['date', (moment) => moment.toString({ timeZoneName: 'never' })],
  ['day_of_week', (moment) => `${moment.toLocaleString('en', { weekday: 'long' })} ${moment.toPlainTime()}`],
  ['time_of_day', (moment) => String(moment.toPlainTime())],
]);

/**
 * What a criterion compares of a request, as explanations show it. A time is one of the criterion's own zone, as in
 * `18:30:00 Europe/Berlin`: beside bounds of that zone another one looks compared wrongly. Null where nothing is compared.
 */
export function findShown(criterion: Criterion, input: InputDocument): unknown {
  const compared = findCompared(criterion, input);
  const write = ZONED.get(keyOf(criterion));
  if (write === undefined) return compared;
  const moment = Temporal.Instant.from(String(compared)).toZonedDateTimeISO(readZone(plainValue(criterion.data)));
  return `${write(moment)} ${moment.timeZoneId}`;
}

/** UTC where none is written. */
function readZone(matcher: unknown): string {
  return typeof matcher === 'object' && matcher !== null && 'timezone' in matcher ? String(matcher.timezone) : 'UTC';
}
