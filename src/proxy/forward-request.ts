import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import type { Dispatcher } from 'undici';
import { BehalfError } from '../errors.ts';
import { beginAnswer } from './begin-answer.ts';
import { connectionOf } from './connection.ts';
import { endAnswer } from './end-answer.ts';
import type { Exchange } from './exchange.ts';
import type { RawHeaders } from './header.ts';
import { limitReached } from './limit-reached.ts';
import { startClock } from './start-clock.ts';
import { translateUpstreamError } from './translate-upstream-error.ts';

const SMALL_BYTES = 16 * 1024;

/**
 * Streams a request to its upstream and the answer to the client, each at the other's pace. The request's trailers and
 * informational answers (1xx) end here.
 */
export function forwardRequest(message: IncomingMessage, response: ServerResponse, exchange: Exchange): Promise<void> {
  const { socket } = message;
  const connection = connectionOf(socket);
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null;
    let failure: Error | null = null;
    const body = hasBody(message) && !exchange.dropsBody ? readBody(message) : null;
    if (exchange.dropsBody) message.resume();

    const settle = (error: Error | null): void => {
      clock.stop();
      leaveRounds();
      socket.off('close', onClose);
      connection.onFault = null;
      if (error === null) {
        resolve();
      } else if (failure === null) {
        failure = error;
        controller?.abort(error);
        reject(error);
      }
      // An answer may come before the whole request: behind the rest of it stands the client's next request.
      message.unpipe().resume();
    };
    const onClose = (): void => settle(new BehalfError('ERR_CLIENT_GONE', 'the client went away'));
    const clock = startClock(exchange.limits, (limit) => {
      const waitsForClient = !message.complete && body?.writableNeedDrain !== true;
      settle(
        waitsForClient
          ? new BehalfError('ERR_REQUEST_TIMEOUT', 'the client took too long')
          : limitReached(limit, response),
      );
    });
    const leaveRounds = exchange.rounds.join(exchange.recheck, settle);
    socket.once('close', onClose);
    if (socket.destroyed) {
      onClose();
      return;
    }
    if (connection.fault !== null) {
      settle(connection.fault);
      return;
    }
    connection.onFault = settle;

    exchange.upstream.pool.dispatch(writeOptions(message, body, exchange), {
      onRequestStart(started) {
        controller = started;
        if (failure !== null) {
          started.abort(failure);
        } else if (message.headers.expect !== undefined && message.httpVersion === '1.1') {
          response.writeContinue();
        }
      },
      onBodySent() {
        clock.tick();
      },
      onResponseStart({ rawHeaders }, status, _headers, phrase) {
        clock.tick();
        if (status >= 200) {
          beginAnswer(response, exchange, status, phrase, toText(rawHeaders));
        }
      },
      onResponseData(running, chunk) {
        clock.tick();
        if (!writeChunk(response, chunk)) {
          running.pause();
          response.once('drain', () => running.resume());
        }
      },
      onResponseEnd({ rawTrailers }) {
        endAnswer(response, exchange, toText(rawTrailers), () => settle(null));
      },
      onResponseError(_controller, error) {
        settle(translateUpstreamError(error));
      },
    });
  });
}

function writeOptions(
  message: IncomingMessage,
  body: PassThrough | null,
  { upstream, target, host, headers, dropsBody }: Exchange,
): Dispatcher.DispatchOptions {
  const flat = ['host', host];
  for (const [name, value] of headers) {
    if (name !== 'content-length') {
      flat.push(name, value);
    }
  }
  // The length as the client gave it; undici sends every other body chunked, whatever the method.
  const length = message.headers['content-length'];
  if (length !== undefined && !dropsBody) {
    flat.push('content-length', length);
  }
  const options = {
    method: message.method ?? '',
    path: target,
    headers: flat,
    body,
    // Else undici takes it from Host, and connects anew whenever that changes.
    servername: upstream.url.hostname,
  };
  return options;
}

/**
 * A small chunk goes out as text, one character a byte: Node joins that with the head, and one write of one string costs half
 * of what it costs to write head and buffer.
 */
function writeChunk(response: ServerResponse, chunk: Buffer): boolean {
  return chunk.length < SMALL_BYTES ? response.write(chunk.toString('latin1'), 'latin1') : response.write(chunk);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** A stream of its own, since undici destroys what it is given, and a message destroyed half-read blocks its connection. */
function readBody(message: IncomingMessage): PassThrough {
  const body = new PassThrough();
  body.on('error', () => {});
  return message.pipe(body);
}

function toText(raw: Dispatcher.DispatchController['rawHeaders']): RawHeaders {
  const text: string[] = [];
  if (Array.isArray(raw)) {
    for (const item of raw) text.push(typeof item === 'string' ? item : item.toString('latin1'));
  }
  return text;
}
