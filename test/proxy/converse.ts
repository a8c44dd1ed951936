import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

export interface Conversation {
  readonly socket: Socket;
  /** All that came back so far, as latin1. */
  heard(): string;
}

/** A connection of its own that says this and keeps what comes back. `tls` has what it trusts and asks for. */
export function converse(url: string, text: string, tls: ConnectionOptions | null = null): Conversation {
  const { hostname, port } = new URL(url);
  const socket =
    tls === null
      ? connect(Number(port), hostname)
      : connectTls({ host: hostname, port: Number(port), servername: '', ...tls });
  let heard = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1');
  });
  socket.write(text, 'latin1');
  return { socket, heard: () => heard };
}
