import type { ServerResponse } from 'node:http';
import { BehalfError } from '../errors.ts';
import { hasBegun } from './has-begun.ts';
import type { Limit } from './start-clock.ts';

/** What the log says of an exchange that reached a limit: an upstream that is slow to begin is another fault than a long answer. */
export function limitReached({ name, ms }: Limit, response: ServerResponse): BehalfError {
  const limit = `${name} of ${ms / 1000}s`;
  if (!hasBegun(response))
    return new BehalfError('ERR_UPSTREAM_TIMEOUT', `the upstream did not answer within the ${limit}`);
  const message =
    name === 'timeout' ? `the exchange took longer than its ${limit}` : `nothing was sent or taken for the ${limit}`;
  return new BehalfError('ERR_UPSTREAM_TIMEOUT', message);
}
