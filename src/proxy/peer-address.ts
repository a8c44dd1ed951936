import type { Duplex } from 'node:stream';
import { normalizeAddress } from '../normalize-address.ts';

/** The address of a connection's other end, in its one spelling; "" where it is gone. */
export function peerAddress(socket: Duplex): string {
  const address = 'remoteAddress' in socket ? String(socket.remoteAddress ?? '') : '';
  return normalizeAddress(address) ?? '';
}
