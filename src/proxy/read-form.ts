import type { IncomingMessage, ServerResponse } from 'node:http';
import { BehalfError } from '../errors.ts';
import { connectionOf } from './connection.ts';

const MAX_BYTES = 8 * 1024;
/** For a form that fits into a few packets. */
const TIMEOUT_MS = 10_000;

/**
 * Reads the form that a request brings, to its end; more than 8 KiB of it are never held.
 *
 * @throws BehalfError ERR_REQUEST_MALFORMED (`form`, and what the parser finds), ERR_FORM_TOO_LARGE,
 *   ERR_REQUEST_TIMEOUT, ERR_CLIENT_GONE
 */
export async function readForm(message: IncomingMessage, response: ServerResponse): Promise<URLSearchParams> {
  const type = message.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    throw new BehalfError('ERR_REQUEST_MALFORMED', 'the body is not a form', { reason: 'form' });
  }
  if (message.headers.expect !== undefined && message.httpVersion === '1.1') {
    response.writeContinue();
  }
  return new URLSearchParams(await readBody(message));
}

function readBody(message: IncomingMessage): Promise<string> {
  const { socket } = message;
  const connection = connectionOf(socket);
  const chunks: Buffer[] = [];
  let bytes = 0;
  const end = Promise.withResolvers<string>();
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > MAX_BYTES) {
      end.reject(new BehalfError('ERR_FORM_TOO_LARGE', `the form has more than ${MAX_BYTES} bytes`));
    }
  };
  const onEnd = (): void => end.resolve(Buffer.concat(chunks).toString());
  const onClose = (): void => end.reject(new BehalfError('ERR_CLIENT_GONE', 'the client went away'));
  const timer = setTimeout(() => {
    end.reject(new BehalfError('ERR_REQUEST_TIMEOUT', 'the client took too long'));
  }, TIMEOUT_MS);
  message.on('data', onData).once('end', onEnd);
  socket.once('close', onClose);
  connection.onFault = end.reject;
  if (socket.destroyed) onClose();
  if (connection.fault !== null) end.reject(connection.fault);
  return end.promise.finally(() => {
    clearTimeout(timer);
    connection.onFault = null;
    socket.off('close', onClose);
    // Behind the rest of it stands the client's next request.
    message.off('data', onData).off('end', onEnd).resume();
  });
}
