import type { ServerResponse } from 'node:http';
import type { Answer } from '../sign-in/answer.ts';

/** Sends an answer of the proxy's own; for HEAD without its body. Such answers are not stored unless they say so. */
export function respond(response: ServerResponse, requestId: string, { status, headers, body }: Answer): void {
  const { req: message } = response;
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-request-id', requestId);
  for (const [name, value] of headers) {
    if (name === 'set-cookie') response.appendHeader(name, value);
    else response.setHeader(name, value);
  }
  if (status !== 304) {
    response.setHeader('content-length', Buffer.byteLength(body));
  }
  if (message.headers.expect !== undefined || status === 408) {
    // The body that was announced may come or not (RFC 9110 section 10.1.1): what follows cannot be told apart from it.
    response.setHeader('connection', 'close');
  }
  response.writeHead(status).end(body);
}
