import { type Kind, type Refuse, text } from './kinds.ts';

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
const MAX_TIMER_MS = 2 ** 31 - 1;
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/;
const WHOLE = new RegExp(`^(?:${PART.source})+$`);

/** Go's durations, `0` as text or number, in milliseconds; what is more than nothing is at least 1. */
export const duration: Kind<number> = timespan('a duration such as 30s or 1m30s, or 0 for none', (ms, refuse) =>
  ms > MAX_TIMER_MS ? refuse('must be at most 596h; 0 is without end') : ms,
);

/** A duration within bounds, which are durations too, in seconds. */
export function secondsBetween(from: string, to: string): Kind<number> {
  const least = readMilliseconds(from) ?? Number.NaN;
  const most = readMilliseconds(to) ?? Number.NaN;
  return timespan(`a duration from ${from} to ${to}`, (ms, refuse) =>
    least <= ms && ms <= most ? ms / 1_000 : refuse(),
  );
}

function timespan(type: string, judge: (ms: number, refuse: Refuse) => number | undefined): Kind<number> {
  const written = text(type, (value, refuse) => {
    const ms = readMilliseconds(value);
    return ms === undefined ? refuse() : judge(ms, refuse);
  });
  return {
    ...written,
    // Go's own units; "0" and 0 are the only amounts without one.
    schema: { anyOf: [{ type: 'string', pattern: `^(?:0|(?:${PART.source})+)$` }, { const: 0 }] },
    parse: (value, context) =>
      written.parse(value.kind === 'scalar' && value.value === 0 ? { ...value, value: '0' } : value, context),
  };
}

function readMilliseconds(written: string): number | undefined {
  if (written === '0') return 0;
  if (!WHOLE.test(written)) return undefined;
  let total = 0;
  for (const [, amount, unit = ''] of written.matchAll(new RegExp(PART, 'g'))) {
    total += Number(amount) * (MILLISECONDS.get(unit) ?? Number.NaN);
  }
  return total === 0 ? 0 : Math.max(1, Math.round(total));
}
