import { constants } from 'node:crypto';
import { createServer as createHttpServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import type { Config } from '../config/config.ts';

export interface ClientServer {
  readonly server: Server;
  /** Serves new connections with this certificate. */
  setCertificate(certificate: Certificate): void;
}

export type Certificate = NonNullable<Config['certificate']>;

/** In bytes and milliseconds: a client that says too much, or is slow on purpose, is not waited for. */
const LIMITS = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 15_000,
  // A body takes as long as its route allows.
  requestTimeout: 0,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
} as const;

const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * A server of HTTP/1.1 that listens to nobody yet, with TLS where there is a certificate.
 *
 * @param shouldUpgrade which requests leave HTTP; all others stay requests, whatever they ask for
 */
export function openServer(
  certificate: Certificate | null,
  shouldUpgrade: NonNullable<ServerOptions['shouldUpgradeCallback']>,
): ClientServer {
  const options: ServerOptions = {
    ...LIMITS,
    insecureHTTPParser: false,
    joinDuplicateHeaders: false,
    // Ours to refuse, with an answer of ours.
    requireHostHeader: false,
    shouldUpgradeCallback: shouldUpgrade,
  };
  const opened = certificate === null ? openClear(options) : openTls(options, certificate);
  // Node would drop what is beyond a count without a word; readHeaders refuses it.
  opened.server.maxHeadersCount = 0;
  return opened;
}

function openClear(options: ServerOptions): ClientServer {
  return { server: createHttpServer(options), setCertificate() {} };
}

function openTls(options: ServerOptions, certificate: Certificate): ClientServer {
  const server = createHttpsServer({
    ...options,
    ...writeTls(certificate),
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  });
  // Node's own listener has it answered in HTTP, which nobody can read before hands are shaken.
  server.removeAllListeners('tlsClientError').on('tlsClientError', (_error, socket) => socket.destroy());
  return { server, setCertificate: (next) => server.setSecureContext(writeTls(next)) };
}

/** What a TLS server of ours is, beside its certificate. */
function writeTls({ chain, key }: Certificate): SecureContextOptions {
  return { cert: chain, key, minVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_RENEGOTIATION };
}
