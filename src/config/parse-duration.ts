import type { Kind, Refuse } from './kinds.ts';
import { text } from './kinds.ts';

const MILLISECONDS = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);
/** A longer one makes Node's timers fire at once. */
const MAX_MILLISECONDS = 2 ** 31 - 1;
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/;
const WHOLE = new RegExp(`^(?:${PART.source})+$`);

/** Go's durations, `0` as text or number, in milliseconds; what is more than nothing is at least 1. */
export const duration: Kind<number> = {
  type: 'a duration such as 30s or 1m30s, or 0 for none',
  parse: (value, context) =>
    value.kind === 'scalar' && value.value === 0 ? 0 : text(duration.type, parseDuration).parse(value, context),
};

function parseDuration(written: string, refuse: Refuse): number | undefined {
  if (written === '0') return 0;
  if (!WHOLE.test(written)) return refuse();
  let total = 0;
  for (const [, amount, unit = ''] of written.matchAll(new RegExp(PART, 'g'))) {
    total += Number(amount) * (MILLISECONDS.get(unit) ?? Number.NaN);
  }
  if (total > MAX_MILLISECONDS) return refuse('must be at most 596h; 0 is without end');
  return total === 0 ? 0 : Math.max(1, Math.round(total));
}
