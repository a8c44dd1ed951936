import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { BehalfError } from '../errors.ts';
import type { LogFields } from '../log.ts';
import type { ProxyParts } from './build-proxy-parts.ts';
import { chooseRefusalForm } from './choose-refusal-form.ts';
import { hasBegun } from './has-begun.ts';
import { refusalOfError } from './refusal.ts';
import { respond } from './respond.ts';
import { NOTHING_TOLD, writeRefusal } from './write-refusal.ts';

/**
 * Ends a request that failed: with an answer where none has begun; else the connection is cut, so that the half which was
 * sent cannot be taken for the whole, not even by HTTP/1.0. Returns what the log says of it.
 *
 * @param findSignInUrl where the client may sign in, if its credential was at fault; null where it cannot
 */
export function endWithError(
  { look, cookies }: Pick<ProxyParts, 'look' | 'cookies'>,
  response: ServerResponse,
  requestId: string,
  error: unknown,
  findSignInUrl: () => string | null,
): LogFields {
  const refusal = refusalOfError(error);
  if (refusal !== null && !hasBegun(response)) {
    const form = chooseRefusalForm(refusal, response.req);
    const hasTwoSessions = refusal.reasons.includes('two-sessions');
    // Whose id is somebody else's too comes back with the same one.
    const signInUrl = hasTwoSessions || refusal.error === 'credential-invalid' ? findSignInUrl() : null;
    const answer = writeRefusal(refusal, requestId, form, look, { ...NOTHING_TOLD, signInUrl });
    const cleared = hasTwoSessions ? cookies.clearSession() : [];
    respond(response, requestId, { ...answer, headers: [...answer.headers, ...cleared] });
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
