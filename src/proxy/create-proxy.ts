import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Config } from '../config/config.ts';
import type { Engine } from '../engine/load-engine.ts';
import { BehalfError } from '../errors.ts';
import type { Identity } from '../identity/open-identity.ts';
import type { Log } from '../log.ts';
import { handle, type ProxyParts } from './handle.ts';
import { buildRouteTable } from './match-route.ts';
import { openUpstreams } from './open-upstreams.ts';
import { refuseConnection } from './refuse-connection.ts';
import { translateClientError } from './translate-client-error.ts';

export interface ProxyOptions {
  readonly config: Config;
  readonly engine: Engine;
  readonly identity: Identity;
  readonly log: Log;
}

export interface RunningProxy {
  /** Listens on the configuration's address; gives the address that it bound. Rejects with ERR_LISTEN_FAILED. */
  listen(): Promise<AddressInfo>;
  /** Takes no new connection, lets running requests end for at most `graceMs`, then cuts them off. */
  close(graceMs?: number): Promise<void>;
}

/** In bytes and milliseconds: a client that says too much, or is slow on purpose, is not waited for. */
const LIMITS = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 15_000,
  requestTimeout: 300_000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
} as const;

/** Requests of one connection that may wait for their answers; no browser sends more than one. */
const MAX_PIPELINED = 32;

const GRACE_MS = 10_000;

/** The proxy's server: HTTP/1.1 in clear text. */
export function createProxy({ config, engine, identity, log }: ProxyOptions): RunningProxy {
  const upstreams = openUpstreams();
  const readsProviderTokens = config.bearerTokenFormat === 'idp_identity_token';
  const parts: ProxyParts = {
    routes: buildRouteTable(config.routes),
    engine,
    identity,
    upstreams,
    log,
    findTokenKind(token) {
      const kind = identity.findTokenKind(token);
      return kind === 'identity_token' && !readsProviderTokens ? null : kind;
    },
  };

  const server = createServer({
    ...LIMITS,
    insecureHTTPParser: false,
    joinDuplicateHeaders: false,
    // Ours to refuse, with an answer of ours.
    requireHostHeader: false,
  });
  // Node would drop what is beyond a count without a word; readHeaders refuses it.
  server.maxHeadersCount = 0;

  const unanswered = new WeakMap<object, number>();
  const count = (socket: object, by: number): void => {
    unanswered.set(socket, (unanswered.get(socket) ?? 0) + by);
  };
  // The last of a connection's pipelined requests. They go on one after the other, as some may be unsafe (RFC 9112
  // section 9.3.2).
  const turns = new WeakMap<Socket, Promise<void>>();
  const serve = (message: IncomingMessage, response: ServerResponse): void => {
    const { socket } = message;
    count(socket, 1);
    response.once('close', () => {
      count(socket, -1);
      if (!server.listening) {
        // A connection that was busy when the server closed has become idle.
        setImmediate(() => server.closeIdleConnections());
      }
    });
    // A client that went away is told to `forward`; here it must only not end the process.
    message.on('error', () => {});
    response.on('error', () => {});
    if ((unanswered.get(socket) ?? 0) > MAX_PIPELINED) {
      socket.destroy();
      return;
    }
    const earlier = turns.get(socket);
    const turn = earlier?.then(() => handle(parts, message, response)) ?? handle(parts, message, response);
    turns.set(socket, turn);
    void turn.then(() => turns.get(socket) === turn && turns.delete(socket));
  };
  const refuseUnanswered = (socket: Duplex, error: BehalfError): void => {
    // Bytes of ours before the answer to an earlier request would be taken for that answer.
    if ((unanswered.get(socket) ?? 0) > 0) {
      socket.destroy();
    } else {
      refuseConnection(socket, error, log);
    }
  };
  server.on('request', serve);
  server.on('checkContinue', serve);
  server.on('checkExpectation', serve);
  // Pipelined requests each wait for the socket's end.
  server.on('connection', (socket: Socket) => socket.setMaxListeners(0));
  server.on('connect', (_message, socket) => {
    refuseUnanswered(socket, new BehalfError('ERR_REQUEST_METHOD', 'CONNECT is not taken'));
  });
  server.on('clientError', (error, socket) => {
    refuseUnanswered(socket, translateClientError(error));
  });

  return {
    async listen() {
      const { host, port } = config.address;
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
    async close(graceMs = GRACE_MS) {
      const closed = once(server, 'close');
      server.close();
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cut);
      await upstreams.close();
    },
  };
}
