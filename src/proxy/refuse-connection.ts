import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { BehalfError } from '../errors.ts';
import type { Log } from '../log.ts';
import { writeJsonRefusal } from '../sign-in/write-json-refusal.ts';
import { peerAddress } from './peer-address.ts';
import { refusalOfError } from './refusal.ts';
import { openRequestLine } from './request-line.ts';
import { respondRaw } from './respond-raw.ts';

/** Refuses what came on a connection without becoming a request that `handle` could judge, and closes it. */
export function refuseConnection(socket: Duplex, error: BehalfError, log: Log): void {
  const refusal = refusalOfError(error);
  if (refusal === null || !socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = randomUUID();
  const line = openRequestLine(requestId);
  line.add({ ip: peerAddress(socket), error: refusal.error, reasons: refusal.reasons, detail: error.message });
  respondRaw(socket, requestId, writeJsonRefusal(refusal, requestId));
  log.info('request', line.end(refusal.status));
}
