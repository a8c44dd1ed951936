import type { InputDocument } from '../engine/documents.ts';
import type { Log, LogFields } from '../log.ts';

/** A decision takes some 50 us. One that takes a thousand times as long keeps all other requests waiting. */
const SLOW_MS = 50;

export interface Watched {
  readonly log: Log;
  readonly input: InputDocument;
  readonly requestId: string;
}

/**
 * Decides or explains, and logs with its route what took long, a failure too.
 *
 * @param fields what the log says beyond that
 * @param now a clock, in milliseconds
 */
export function watchDecision<Result>(
  { log, input, requestId }: Watched,
  run: (input: InputDocument) => Result,
  fields: LogFields = {},
  now: () => number = () => performance.now(),
): Result {
  const started = now();
  try {
    return run(input);
  } finally {
    const ms = now() - started;
    if (ms > SLOW_MS) {
      const duration_ms = Math.round(ms * 1000) / 1000;
      log.warn('slow decision', { request_id: requestId, route: input.route.name, duration_ms, ...fields });
    }
  }
}
