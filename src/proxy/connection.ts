import type { ServerResponse } from 'node:http';
import type { BehalfError } from '../errors.ts';

/** What is known of a client's connection beyond what Node keeps. */
export interface Connection {
  /** Requests that have no whole answer yet. */
  unanswered: number;
  /** Of the last request that came: settled when it has been served. */
  turn: Promise<void> | null;
  /** For the last request that came, whose body may still be on its way. */
  last: ServerResponse | null;
  /** What was found wrong with that body, after the request's head had been taken. */
  fault: BehalfError | null;
  /** Tells whoever forwards that body of the fault. */
  onFault: ((fault: BehalfError) => void) | null;
}

const connections = new WeakMap<object, Connection>();

/** The one record of a connection. */
export function connectionOf(socket: object): Connection {
  let connection = connections.get(socket);
  if (connection === undefined) {
    connection = { unanswered: 0, turn: null, last: null, fault: null, onFault: null };
    connections.set(socket, connection);
  }
  return connection;
}
