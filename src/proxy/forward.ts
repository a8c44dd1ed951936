import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { BehalfError } from '../errors.ts';
import type { Header, RawHeaders } from './header.ts';
import type { Upstream } from './open-upstreams.ts';
import { readResponseHeaders } from './read-response-headers.ts';
import { translateUpstreamError } from './translate-upstream-error.ts';

/** What goes upstream and how the answer comes back. Host and framing are no headers here: forwarding owns them. */
export interface Exchange {
  readonly upstream: Upstream;
  /** Path and query, encoded. */
  readonly target: string;
  readonly host: string;
  readonly headers: readonly Header[];
  /** From the first step to the last byte that the client took; 0 is without end. */
  readonly timeoutMs: number;
  readonly editResponseHeaders: (headers: readonly Header[]) => readonly Header[];
}

/**
 * Streams a request to its upstream and the answer to the client, each at the other's pace. One attempt: a request is
 * never sent twice. Trailers and informational answers (1xx) end here, in both directions.
 *
 * Resolves when the client has it all. Where it rejects, the client has no answer yet (`headersSent` is false), or half of
 * one, and is to be cut off.
 *
 * @throws BehalfError ERR_UPSTREAM_UNREACHABLE, ERR_UPSTREAM_PROTOCOL, ERR_UPSTREAM_TIMEOUT, ERR_CLIENT_GONE
 */
export function forward(message: IncomingMessage, response: ServerResponse, exchange: Exchange): Promise<void> {
  const { socket } = message;
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null;
    let failure: BehalfError | null = null;

    const settle = (error: BehalfError | null): void => {
      clearTimeout(timer);
      socket.off('close', onClose);
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
    const timer =
      exchange.timeoutMs === 0
        ? undefined
        : setTimeout(
            () => settle(new BehalfError('ERR_UPSTREAM_TIMEOUT', 'the upstream took too long')),
            exchange.timeoutMs,
          );
    socket.once('close', onClose);
    if (socket.destroyed) {
      onClose();
      return;
    }

    exchange.upstream.pool.dispatch(writeOptions(message, exchange), {
      onRequestStart(started) {
        controller = started;
        if (failure !== null) {
          started.abort(failure);
        } else if (message.headers.expect !== undefined && message.httpVersion === '1.1') {
          response.writeContinue();
        }
      },
      onResponseStart({ rawHeaders }, status, _headers, reason) {
        if (status >= 200) {
          const headers = exchange.editResponseHeaders(readResponseHeaders(status, toText(rawHeaders)));
          response.writeHead(status, reasonPhrase(status, reason), headers.flat());
        }
      },
      onResponseData(running, chunk) {
        if (!response.write(chunk)) {
          running.pause();
          response.once('drain', () => running.resume());
        }
      },
      onResponseEnd() {
        response.end(() => settle(null));
      },
      onResponseError(_controller, error) {
        settle(translateUpstreamError(error));
      },
    });
  });
}

function writeOptions(
  message: IncomingMessage,
  { upstream, target, host, headers }: Exchange,
): Dispatcher.DispatchOptions {
  const endToEnd = headers.filter(([name]) => name !== 'content-length');
  const options = {
    method: message.method ?? '',
    path: target,
    headers: [['host', host], ...endToEnd, ...framing(message)].flat(),
    body: hasBody(message) ? readBody(message) : null,
    // Else undici takes it from Host, and connects anew whenever that changes.
    servername: upstream.url.hostname,
  };
  return options;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** A stream of its own, since undici destroys what it is given, and a message destroyed half-read blocks its connection. */
function readBody(message: IncomingMessage): Readable {
  const body = new PassThrough();
  body.on('error', () => {});
  return message.pipe(body);
}

/** The length as the client gave it; undici sends every other body chunked, whatever the method. */
function framing({ headers }: IncomingMessage): readonly Header[] {
  const length = headers['content-length'];
  return length === undefined ? [] : [['content-length', length]];
}

function toText(raw: Dispatcher.DispatchController['rawHeaders']): RawHeaders {
  return Array.isArray(raw) ? raw.map((item) => (typeof item === 'string' ? item : item.toString('latin1'))) : [];
}

/** undici reads the phrase as UTF-8, so what is not ASCII cannot be passed on as it came; clients ignore it anyhow. */
function reasonPhrase(status: number, phrase: string | undefined): string {
  return phrase !== undefined && /^[\t\x20-\x7e]+$/.test(phrase) ? phrase : (STATUS_CODES[status] ?? '');
}
