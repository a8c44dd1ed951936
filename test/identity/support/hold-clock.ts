import { afterEach, beforeEach, vi } from 'vitest';

/**
 * Holds the clock still in each test of the file: no second begins between two times of one token, and none passes before
 * it is judged. Timers go on. A test may move the clock as it likes.
 */
export function holdClock(): void {
  beforeEach(() => void vi.setSystemTime(Date.now()));
  afterEach(() => void vi.useRealTimers());
}
