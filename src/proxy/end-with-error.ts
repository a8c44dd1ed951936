import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { BehalfError } from '../errors.ts';
import type { LogFields } from '../log.ts';
import { hasBegun } from './has-begun.ts';
import { refusalOfError } from './refusal.ts';
import { respondRefusal } from './respond-refusal.ts';

/**
 * Ends a request that failed: with an answer where none has begun; else the connection is cut, so that the half which was
 * sent cannot be taken for the whole, not even by HTTP/1.0. Returns what the log says of it.
 */
export function endWithError(response: ServerResponse, requestId: string, error: unknown): LogFields {
  const refusal = refusalOfError(error);
  if (refusal !== null && !hasBegun(response)) {
    respondRefusal(response, requestId, refusal);
  } else if (response.socket === null) {
    response.destroy();
  } else {
    cut(response.socket);
  }
  return {
    error: refusal?.error ?? 'client-gone',
    reasons: refusal?.reasons ?? [],
    detail: error instanceof BehalfError ? error.message : String((error as Error | undefined)?.stack ?? error),
  };
}

/** In clear text by a reset, in TLS by an end without close_notify (RFC 8446 section 6.1). */
function cut(socket: Socket): void {
  if ('encrypted' in socket) {
    socket.destroy();
  } else {
    socket.resetAndDestroy();
  }
}
