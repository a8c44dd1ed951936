import type { IncomingMessage } from 'node:http';

/** Whether an upgrade is one that a route may allow (RFC 6455 section 4.1): nothing but a WebSocket, and no body. */
export function isWebsocketHandshake({ method, httpVersion, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    httpVersion === '1.1' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['transfer-encoding'] === undefined &&
    Number(headers['content-length'] ?? 0) === 0
  );
}
