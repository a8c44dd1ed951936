import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { ClaimHeader } from '../../src/config/config.ts';
import { buildReservedNames } from '../../src/proxy/build-reserved-names.ts';
import { type ClientRequest, readRequest } from '../../src/proxy/read-request.ts';

interface Sent {
  readonly method?: string;
  /** With its port, if any. */
  readonly host: string;
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/** A request as the proxy takes it in. */
export function receiveRequest(sent: Sent, claimHeaders: readonly ClaimHeader[] = []): ClientRequest {
  const { method = 'GET', host, target = '/', headers = {} } = sent;
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: '192.0.2.1' });
  const message = new IncomingMessage(socket);
  message.method = method || 'GET';
  message.url = target;
  message.httpVersion = '1.1';
  const lines = Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
  message.rawHeaders = [['Host', host], ...lines].flat();
  return readRequest(message, buildReservedNames(claimHeaders));
}
