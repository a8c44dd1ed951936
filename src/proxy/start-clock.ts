export interface Limits {
  /** For all of it, in milliseconds; 0 is without end. */
  readonly timeoutMs: number;
  /** Between two signs of life, in milliseconds; 0 is without end. */
  readonly idleTimeoutMs: number;
}

export interface Limit {
  /** As the configuration calls it. */
  readonly name: 'timeout' | 'idle_timeout';
  readonly ms: number;
}

export interface Clock {
  /** A sign of life. */
  tick(): void;
  stop(): void;
}

/** Calls `onEnd` when one of the limits is reached. */
export function startClock({ timeoutMs, idleTimeoutMs }: Limits, onEnd: (limit: Limit) => void): Clock {
  const total = timeoutMs === 0 ? undefined : setTimeout(onEnd, timeoutMs, { name: 'timeout', ms: timeoutMs });
  // One that the other limit always comes before is not worth a timer.
  const isIdleLimited = idleTimeoutMs !== 0 && (timeoutMs === 0 || idleTimeoutMs < timeoutMs);
  const idle = isIdleLimited
    ? setTimeout(onEnd, idleTimeoutMs, { name: 'idle_timeout', ms: idleTimeoutMs })
    : undefined;
  return {
    tick() {
      idle?.refresh();
    },
    stop() {
      clearTimeout(total);
      clearTimeout(idle);
    },
  };
}
