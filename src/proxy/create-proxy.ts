import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Config } from '../config/config.ts';
import { BehalfError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ProxyParts } from './build-proxy-parts.ts';
import { connectionOf } from './connection.ts';
import { handle } from './handle.ts';
import { isWebsocketHandshake } from './is-websocket-handshake.ts';
import { type Certificate, openServer } from './open-server.ts';
import { openUpgradeResponse } from './open-upgrade-response.ts';
import { refuseConnection } from './refuse-connection.ts';
import { Succession } from './succession.ts';
import { translateClientError } from './translate-client-error.ts';

export interface ProxyOptions {
  readonly address: Config['address'];
  /** Null for clear text. */
  readonly certificate: Certificate | null;
  /** Disposed of by the proxy, when they are no longer used. */
  readonly parts: ProxyParts;
  readonly log: Log;
}

export interface RunningProxy {
  /** Listens; gives the address that it bound. Rejects with ERR_LISTEN_FAILED. */
  listen(): Promise<AddressInfo>;
  /**
   * Serves requests that begin from now on with these parts, and new connections with this certificate. The parts in use
   * until now are disposed of when they have served their last request.
   */
  replace(parts: ProxyParts, certificate: Certificate | null): void;
  /** Takes no new connection, lets running requests end for at most `graceMs`, then cuts them off, and disposes of all. */
  close(graceMs?: number): Promise<void>;
}

/** Requests of one connection that may wait for their answers; no browser sends more than one. */
const MAX_PIPELINED = 32;
/** How long the rest of a request may take that has its answer; the next one stands behind it. */
const REST_MS = 30_000;
const GRACE_MS = 10_000;

/** The proxy's server: which connections and requests there are, and in what order they are handled. */
export function createProxy({ address, certificate, parts, log }: ProxyOptions): RunningProxy {
  const succession = new Succession(parts);
  const { server, setCertificate } = openServer(
    certificate,
    // Behind an unanswered request it is only a request: the answers come first.
    (message) => isWebsocketHandshake(message) && connectionOf(message.socket).unanswered === 0,
  );
  const upgraded = new Set<Duplex>();

  const handleNow = (message: IncomingMessage, response: ServerResponse): Promise<void> =>
    succession.use((current) => handle(current, message, response, (task) => succession.use(task)));

  const serve = (message: IncomingMessage, response: ServerResponse): void => {
    const { socket } = message;
    const connection = connectionOf(socket);
    connection.unanswered += 1;
    connection.last = response;
    response.once('close', () => {
      connection.unanswered -= 1;
      if (!server.listening) {
        // A connection that was busy when the server closed has become idle.
        setImmediate(() => server.closeIdleConnections());
      }
    });
    // A client that went away is told to `forward`; here it must only not end the process.
    message.on('error', () => {});
    response.on('error', () => {});
    if (connection.unanswered > MAX_PIPELINED) {
      socket.destroy();
      return;
    }
    // Pipelined requests go on one after the other, as some may be unsafe (RFC 9112 section 9.3.2).
    const turn = connection.turn?.then(() => handleNow(message, response)) ?? handleNow(message, response);
    connection.turn = turn;
    void turn.then(() => {
      if (connection.turn === turn) {
        connection.turn = null;
      }
      limitRest(message);
    });
  };

  const upgrade = (message: IncomingMessage, socket: Duplex, head: Buffer): void => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    socket.on('error', () => {});
    socket.unshift(head);
    const response = openUpgradeResponse(message);
    response.on('error', () => {});
    void handleNow(message, response);
  };

  const refuse = (socket: Duplex, error: BehalfError): void => {
    const connection = connectionOf(socket);
    const { unanswered, last } = connection;
    if (unanswered === 0) {
      refuseConnection(socket, error, log);
    } else if (unanswered === 1 && last?.req.complete === false && error.code !== 'ERR_CLIENT_GONE') {
      // Of the one request that is being handled: it is refused, where it has no answer yet, and nothing can follow it.
      last.shouldKeepAlive = false;
      connection.fault = error;
      connection.onFault?.(error);
    } else {
      // Bytes of ours before the answer to an earlier request would be taken for that answer.
      socket.destroy();
    }
  };

  server.on('request', serve);
  server.on('checkContinue', serve);
  server.on('checkExpectation', serve);
  server.on('upgrade', upgrade);
  server.on('connect', (_message, socket) => {
    refuse(socket, new BehalfError('ERR_REQUEST_METHOD', 'CONNECT is not taken'));
  });
  server.on('clientError', (error, socket) => {
    refuse(socket, translateClientError(error));
  });
  // Pipelined requests each wait for the socket's end.
  server.on('connection', (socket: Socket) => socket.setMaxListeners(0));
  server.on('secureConnection', (socket: Socket) => socket.setMaxListeners(0));

  return {
    async listen() {
      const { host, port } = address;
      try {
        server.listen(port, host);
        await once(server, 'listening');
      } catch (cause) {
        throw new BehalfError('ERR_LISTEN_FAILED', `cannot listen on ${host}:${port}: ${(cause as Error).message}`, {
          cause,
        });
      }
      return server.address() as AddressInfo;
    },
    replace(next, nextCertificate) {
      if (nextCertificate !== null) {
        setCertificate(nextCertificate);
      }
      succession.replace(next);
    },
    async close(graceMs = GRACE_MS) {
      const closed = once(server, 'close');
      server.close();
      const cut = setTimeout(() => {
        server.closeAllConnections();
        for (const socket of upgraded) {
          socket.destroy();
        }
      }, graceMs);
      await closed;
      clearTimeout(cut);
      await succession.end();
    },
  };
}

function limitRest(message: IncomingMessage): void {
  if (!message.complete && !message.socket.destroyed) {
    const timer = setTimeout(() => message.socket.destroy(), REST_MS);
    message.once('close', () => clearTimeout(timer));
  }
}
