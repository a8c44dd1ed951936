import type { Located } from '../config/config.ts';
import { describe } from '../config/describe.ts';
import type { Problems } from '../config/problems.ts';
import { quote } from '../config/quote.ts';
import { parseTimeZone } from './parse-time-zone.ts';
import { type WriteOperand, writeOperators } from './write-operators.ts';
import { writeRegoScalar } from './write-rego-scalar.ts';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/**
 * Checks the data of `day_of_week`, days or a map of days and `timezone`, and writes it as a Rego object with the days by
 * their English names. Undefined where it is wrong; each fault goes to `problems`.
 */
export function writeDayOfWeek(name: string, data: Located, problems: Problems): string | undefined {
  const writeDays: WriteOperand = (operator, value) => {
    const days = value.kind === 'scalar' && typeof value.value === 'string' ? parseDays(value.value) : null;
    return days === null
      ? problems.error(
          value.position,
          `${quote(operator)} must be days such as mon-fri, "sat,sun" or "*"; found ${describe(value)}`,
        )
      : `[${days.map(writeRegoScalar).join(', ')}]`;
  };
  if (data.kind !== 'map') {
    const days = writeDays(name, data);
    return days && `{"is": ${days}, "timezone": "UTC"}`;
  }
  const operators = new Map<string, WriteOperand>([
    ['is', writeDays],
    [
      'timezone',
      (_, value) => {
        const timeZone = parseTimeZone(value, problems);
        return timeZone && writeRegoScalar(timeZone);
      },
    ],
  ]);
  const has = (operator: string) => data.entries.some(({ key }) => key === operator);
  const written = writeOperators(name, data, operators, problems);
  if (written === undefined) return undefined;
  if (!has('is')) return problems.error(data.position, `${quote(name)} must have "is" with its days`);
  return has('timezone') ? written : written.replace(/}$/, ', "timezone": "UTC"}');
}

/** The days that a text such as `mon-fri,sun` names, in the order of the week; null where it is none. */
function parseDays(text: string): readonly string[] | null {
  if (text === '*') return DAYS;
  const found = new Set<string>();
  for (const part of text.split(',')) {
    const [first = -1, last = first, ...more] = part.split('-').map(findDay);
    if (first < 0 || last < 0 || more.length > 0) return null;
    // A range may go over the end of the week.
    const length = ((last - first + DAYS.length) % DAYS.length) + 1;
    for (const day of [...DAYS, ...DAYS].slice(first, first + length)) found.add(day);
  }
  return DAYS.filter((day) => found.has(day));
}

function findDay(written: string): number {
  const word = written.trim().toLowerCase();
  return DAYS.findIndex((day) => [day, day.slice(0, 3)].some((name) => name.toLowerCase() === word));
}
