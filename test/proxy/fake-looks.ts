import { afterAll, beforeAll, vi } from 'vitest';

/** Fakes the interval at which the proxy looks at what lasts, and nothing else, for a whole file: call it first. */
export function fakeLooks(): void {
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterAll(() => {
    vi.useRealTimers();
  });
}
