import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProvider, type Provider, type ProviderOptions } from '../../src/demo/create-provider.ts';
import { CLIENT_ID } from '../../src/demo/scenario.ts';

export interface RunningProvider extends Omit<Provider, 'listener'>, AsyncDisposable {
  readonly issuer: string;
  /** Path of every request that came, also while it was down. */
  readonly requests: string[];
  /** While true, every connection is cut. */
  down: boolean;
}

/** The demo's OpenID provider in this process, for tests that need it to change its key or to fail. */
export async function startProvider(people: ProviderOptions['people'] = []): Promise<RunningProvider> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { listener, issue, rotate } = await createProvider({ issuer, clientId: CLIENT_ID, people });
  const running: RunningProvider = {
    issuer,
    requests: [],
    down: false,
    issue,
    rotate,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
  server.on('request', (request, response) => {
    running.requests.push(request.url ?? '');
    if (running.down) request.socket.destroy();
    else listener(request, response);
  });
  return running;
}
