import type { NonSharedBuffer } from 'node:buffer';
import { type ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { createProxyServer } from 'http-proxy-3';
import type { Exchange } from './exchange.ts';
import { groupHeaders } from './group-headers.ts';
import { CONNECT_TIMEOUT_MS, MAX_HEADER_BYTES } from './open-upstreams.ts';

export interface WebsocketRequest {
  /** On its way; what comes of it is not listened for yet. */
  readonly request: ClientRequest;
  /** Writes the upstream's 101, with `answer.headers`, and pipes the two sockets into one another. */
  readonly join: (switched: Switched) => void;
}

/** An upstream that switched protocols: what it said, and the connection, with what came behind the head. */
export interface Switched {
  readonly answer: IncomingMessage;
  readonly socket: Socket;
  readonly head: NonSharedBuffer;
}

/**
 * Sends a WebSocket handshake to its upstream by http-proxy-3, which also joins the connections when it is met. The rest is
 * not left to it: an upstream that answers instead would be relayed without back-pressure, and a 204 or 304 in chunks;
 * and connections would stay open when a client goes in the middle of the handshake.
 */
export function openWebsocketRequest(client: Socket, exchange: Exchange): WebsocketRequest {
  const { upstream, target, host, headers } = exchange;
  const judged = new IncomingMessage(client);
  judged.method = 'GET';
  judged.url = target;
  judged.httpVersionMajor = 1;
  judged.headers = groupHeaders([
    ['host', host],
    ['connection', 'Upgrade'],
    ['upgrade', 'websocket'],
    ...headers.filter(([name]) => name !== 'content-length'),
  ]);
  const { servername, rejectUnauthorized, ...authorities } = upstream.tls;
  const proxy = createProxyServer({
    target: upstream.url,
    // The path as it was judged, without what `to` has before it.
    toProxy: true,
    prependPath: false,
    secure: rejectUnauthorized,
    ssl: { servername, maxHeaderSize: MAX_HEADER_BYTES },
    ...authorities,
    connectTimeout: CONNECT_TIMEOUT_MS,
  });
  // Of sockets, which end by themselves then.
  proxy.on('error', () => {});
  const requests: ClientRequest[] = [];
  proxy.on('proxyReqWs', (request) => {
    // An empty query would be lost.
    request.path = target;
    requests.push(request);
  });
  proxy.ws(judged, client, Buffer.alloc(0));
  const [request] = requests;
  const [onUpgrade] = request?.listeners('upgrade') ?? [];
  if (request === undefined || onUpgrade === undefined) {
    throw new TypeError('http-proxy-3 did not send the handshake');
  }
  request.removeAllListeners('upgrade').removeAllListeners('response').removeAllListeners('error');
  return { request, join: ({ answer, socket, head }) => onUpgrade.apply(request, [answer, socket, head]) };
}
