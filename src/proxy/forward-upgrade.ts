import { once } from 'node:events';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { BehalfError } from '../errors.ts';
import { beginAnswer } from './begin-answer.ts';
import { endAnswer } from './end-answer.ts';
import type { Exchange } from './exchange.ts';
import { groupHeaders } from './group-headers.ts';
import { limitReached } from './limit-reached.ts';
import { openWebsocketRequest, type Switched } from './open-websocket-request.ts';
import { readResponseHeaders } from './read-response-headers.ts';
import { type Limit, type Limits, startClock } from './start-clock.ts';
import { translateUpstreamError } from './translate-upstream-error.ts';

/** How many looks in a row bytes may wait for one side, and none go, before it is taken for gone. */
const MAX_STUCK = 3;
/** How long one side may stay when the other has ended. */
const LINGER_MS = 5_000;

/**
 * Carries a WebSocket handshake to its upstream, and then the bytes of both sides until one of them ends, a limit is reached
 * or the caller may no longer have the connection. An upstream that answers instead of switching is passed on like any other.
 *
 * @param limits of the upgraded connection
 */
export async function forwardUpgrade(
  message: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
  limits: Limits,
): Promise<void> {
  const client = message.socket;
  const { request, join } = openWebsocketRequest(client, exchange);
  try {
    const switched = await whileThere(client, response, exchange, meetAndJudge(request, response, exchange));
    if (switched !== null) {
      writeHeaders(switched, exchange);
      response.detachSocket(client);
      response.statusCode = 101;
      // The head is text, one character a byte.
      client.setDefaultEncoding('latin1');
      join(switched);
      await untilEnd(client, switched.socket, response, limits, exchange);
    }
  } catch (error) {
    throw translateUpstreamError(error as Error);
  } finally {
    request.destroy();
    // Once switched, it is no longer the request's to destroy.
    request.socket?.destroy();
    if (response.statusCode === 101) {
      client.destroy();
    }
  }
}

/** A handshake may have taken long, and as a connection it is looked at only some seconds from then on. */
async function meetAndJudge(
  request: ClientRequest,
  response: ServerResponse,
  exchange: Exchange,
): Promise<Switched | null> {
  const switched = await meet(request, response, exchange);
  if (switched !== null) await exchange.recheck();
  return switched;
}

/** Resolves to null where the upstream answered instead of switching, and the client has that answer. */
function meet(request: ClientRequest, response: ServerResponse, exchange: Exchange): Promise<Switched | null> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.once('upgrade', (answer, socket, head) => {
      socket.on('error', () => {});
      resolve({ answer, socket, head });
    });
    request.once('response', (answer) => {
      relay(answer, response, exchange).then(() => resolve(null), reject);
    });
  });
}

async function relay(answer: IncomingMessage, response: ServerResponse, exchange: Exchange): Promise<void> {
  // Where the answer names no protocol, Node takes it for one that stays in HTTP.
  refuseUnless(answer.statusCode !== 101);
  beginAnswer(response, exchange, answer.statusCode ?? 0, answer.statusMessage, answer.rawHeaders);
  for await (const chunk of answer) {
    if (!response.write(chunk)) {
      await once(response, 'drain');
    }
  }
  await new Promise<void>((resolve) => endAnswer(response, exchange, answer.rawTrailers, resolve));
}

/** Puts the headers that may go to the client in the place of those that came. */
function writeHeaders({ answer }: Switched, exchange: Exchange): void {
  refuseUnless(answer.headers.upgrade?.toLowerCase() === 'websocket');
  answer.headers = groupHeaders([
    ['connection', 'Upgrade'],
    ['upgrade', 'websocket'],
    ...exchange.editResponseHeaders(readResponseHeaders(101, answer.rawHeaders, exchange)),
  ]);
}

function refuseUnless(isAskedFor: boolean): void {
  if (!isAskedFor) {
    throw new BehalfError('ERR_UPSTREAM_PROTOCOL', 'the upstream switched to a protocol that was not asked for');
  }
}

/** Settles as `work` does, unless the client goes away, a limit is reached or it may not go on before that. */
function whileThere<T>(
  client: Socket,
  response: ServerResponse,
  { limits, rounds, recheck }: Exchange,
  work: Promise<T>,
): Promise<T> {
  const end = Promise.withResolvers<never>();
  const onGone = (): void => end.reject(new BehalfError('ERR_CLIENT_GONE', 'the client went away'));
  const clock = startClock(limits, (limit) => end.reject(limitReached(limit, response)));
  const leaveRounds = rounds.join(recheck, end.reject);
  client.once('close', onGone).once('end', onGone);
  if (client.destroyed || client.readableEnded) {
    onGone();
  }
  return Promise.race([work, end.promise]).finally(() => {
    clock.stop();
    leaveRounds();
    client.off('close', onGone).off('end', onGone);
  });
}

/** Resolves when the joined connections are over; rejects where they are to be cut. */
function untilEnd(
  client: Socket,
  upstream: Socket,
  response: ServerResponse,
  { timeoutMs, idleTimeoutMs }: Limits,
  { rounds, recheck }: Exchange,
): Promise<void> {
  const end = Promise.withResolvers<void>();
  const expire = (limit: Limit): void => end.reject(limitReached(limit, response));
  const clock = startClock({ timeoutMs, idleTimeoutMs: 0 }, expire);
  // Every byte of either side goes over this socket.
  client.setTimeout(idleTimeoutMs, () => expire({ name: 'idle_timeout', ms: idleTimeoutMs }));
  const isStuck = watchProgress(client, upstream);
  const leaveRounds = rounds.join(() => (isStuck() ? Promise.reject(stuck()) : recheck()), end.reject);
  let lingering: NodeJS.Timeout | undefined;
  const linger = (): void => {
    lingering ??= setTimeout(end.resolve, LINGER_MS);
  };
  client.once('close', () => end.resolve()).once('end', linger);
  const onUpstreamClosed = (): void => {
    linger();
    client.destroySoon();
  };
  upstream.once('close', onUpstreamClosed);
  if (upstream.destroyed) onUpstreamClosed();
  return end.promise.finally(() => {
    clock.stop();
    leaveRounds();
    clearTimeout(lingering);
  });
}

/** Says, when asked now and then, that bytes have waited for one side all the while: then a reset of the other is not seen. */
function watchProgress(client: Socket, upstream: Socket): () => boolean {
  let moved = 0;
  let stuck = 0;
  return () => {
    const before = moved;
    moved = client.bytesWritten - client.writableLength + upstream.bytesWritten - upstream.writableLength;
    stuck = moved === before && client.writableLength + upstream.writableLength > 0 ? stuck + 1 : 0;
    return stuck >= MAX_STUCK;
  };
}

function stuck(): BehalfError {
  return new BehalfError('ERR_UPSTREAM_TIMEOUT', 'one side took nothing of what was sent to it');
}
