import { median } from './median.ts';

export interface Times {
  /** Microseconds a call: the median of the rounds, and the best of them, which other work on the machine disturbs least. */
  readonly median: number;
  readonly best: number;
}

/** Times functions in turn, round by round, so that what the machine does besides hits all of them alike. */
export function interleave(
  subjects: Readonly<Record<string, () => void>>,
  { rounds, calls }: { readonly rounds: number; readonly calls: number },
): Record<string, Times> {
  const entries = Object.entries(subjects).map(([name, run]) => ({ name, run, times: [] as number[] }));
  const timeAll = (): void => {
    for (const { run, times } of entries) {
      const start = process.hrtime.bigint();
      for (let call = 0; call < calls; call++) run();
      times.push(Number(process.hrtime.bigint() - start) / 1000 / calls);
    }
  };
  // Long enough for V8 to compile JavaScript and WebAssembly for speed.
  for (let warm = 0; warm < Math.ceil(20_000 / calls); warm++) timeAll();
  for (const { times } of entries) times.length = 0;
  for (let round = 0; round < rounds; round++) timeAll();
  return Object.fromEntries(
    entries.map(({ name, times }) => [name, { median: median(times), best: Math.min(...times) }]),
  );
}
