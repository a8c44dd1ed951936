import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface RawUpstream extends AsyncDisposable {
  readonly url: string;
  readonly sockets: Socket[];
  /** Everything that was sent to it, on all connections. */
  received(): string;
}

/** An upstream that speaks bytes: `onData` gets each connection and what it has said so far. */
export async function startRawUpstream(onData: (socket: Socket, text: string) => void): Promise<RawUpstream> {
  const texts = new Map<Socket, string>();
  const server = createServer((socket) => {
    texts.set(socket, '');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      texts.set(socket, texts.get(socket) + chunk.toString('latin1'));
      onData(socket, texts.get(socket) ?? '');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get sockets() {
      return [...texts.keys()];
    },
    received: () => [...texts.values()].join(''),
    async [Symbol.asyncDispose]() {
      for (const socket of texts.keys()) {
        socket.destroy();
      }
      await once(server.close(), 'close');
    },
  };
}
