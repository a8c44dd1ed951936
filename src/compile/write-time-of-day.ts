import type { Located } from '../config/config.ts';
import type { Problems } from '../config/problems.ts';
import { writeBounds } from './write-bounds.ts';

const TIME = /^(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)? ?([ap]m)?$/i;

/**
 * Checks the data of `time_of_day` and writes it as a Rego object; `after` and `before` are texts such as `09:00:00`, whose
 * order is that of the clock. Undefined where it is wrong; each fault goes to `problems`.
 */
export function writeTimeOfDay(name: string, data: Located, problems: Problems): string | undefined {
  const type = 'a time of day such as 17:00, 17:00:30 or 5:00 PM';
  return writeBounds(name, data, { type, timeZone: null, wraps: true, parse: parseTime }, problems);
}

function parseTime(text: string): string | null {
  const [match, hours = '', minutes, seconds = '00', fraction = '', half] = TIME.exec(text) ?? [];
  if (match === undefined || (minutes === undefined && half === undefined)) return null;
  const isOfClock = half === undefined ? Number(hours) < 24 : Number(hours) >= 1 && Number(hours) <= 12;
  if (!isOfClock || Number(minutes ?? 0) > 59 || Number(seconds) > 59) return null;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (/p/i.test(half) ? 12 : 0);
  const parts = fraction.replace(/0+$/, '');
  return `${String(hour).padStart(2, '0')}:${minutes ?? '00'}:${seconds}${parts && `.${parts}`}`;
}
