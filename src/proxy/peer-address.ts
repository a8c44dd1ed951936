import type { Duplex } from 'node:stream';

/** The address of a connection's other end, IPv4 without its IPv6 mapping; "" where it is gone. */
export function peerAddress(socket: Duplex): string {
  const address = 'remoteAddress' in socket ? String(socket.remoteAddress ?? '') : '';
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}
