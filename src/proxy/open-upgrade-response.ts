import { type IncomingMessage, ServerResponse } from 'node:http';

/** A response for a request whose connection Node's server has let go of: whatever is answered, the connection ends with it. */
export function openUpgradeResponse(message: IncomingMessage): ServerResponse {
  const { socket } = message;
  const response = new ServerResponse(message);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  // What Node's server would do.
  socket.on('drain', () => response.emit('drain'));
  response.once('finish', () => socket.destroySoon());
  return response;
}
