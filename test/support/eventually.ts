import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect, vi } from 'vitest';

/** Resolves with what `check` gives once it no longer throws. For what comes soon, but on a busy machine not within `vi.waitFor`'s second. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 30_000, interval: 20 });
}

/**
 * Asks again and again, as a thief would: the answer may be another at first, but to what is asked later than that it
 * has to be `expected`. A slow machine can fail a stop-watch; it cannot fail this.
 */
export async function expectWithin(
  milliseconds: number,
  ask: () => Promise<unknown>,
  expected: unknown,
): Promise<void> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const isLast = performance.now() > end;
    const answer = await ask();
    if (isLast || isDeepStrictEqual(answer, expected)) {
      expect(answer).toEqual(expected);
      return;
    }
    await sleep(50);
  }
}
