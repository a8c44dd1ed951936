import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createOpenIdProvider } from '../../src/demo/create-openid-provider.ts';
import type { OpenIdProviderControl, Trouble } from './start-openid-provider.ts';

/** The program behind start-openid-provider.ts: options as JSON in its argument, one command at a time by message. */

const { port, ...options } = JSON.parse(process.argv[2] ?? '');
const server = createServer();
const listen = async (): Promise<void> => {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
};
await listen();
const issuer = `http://127.0.0.1:${port}`;
const provider = await createOpenIdProvider({ ...options, issuer });
const requests: string[] = [];
let trouble: Trouble | null = null;

server.on('request', (request: IncomingMessage, response: ServerResponse) => {
  const { pathname } = new URL(request.url ?? '', issuer);
  requests.push(`${request.method} ${pathname}`);
  const isHit = trouble !== null && (trouble.paths?.includes(pathname) ?? true);
  if (!isHit) provider.listener(request, response);
  else if (trouble?.kind === 'fail') response.writeHead(503).end('down');
  else if (trouble?.kind === 'cut') request.socket.destroy();
});

const setTrouble = (value: Trouble | null): void => {
  trouble = value;
};
const realNow = Date.now;
const shiftClock = (seconds: number): void => {
  Date.now = () => realNow() + seconds * 1000;
};
const control: OpenIdProviderControl = {
  requests: async () => requests,
  setTrouble: async (value) => setTrouble(value),
  setPeople: async (people) => provider.setPeople(people),
  setLifetimes: async (lifetimes) => provider.setLifetimes(lifetimes),
  signOut: (sub) => provider.signOut(sub),
  shiftClock: async (seconds) => shiftClock(seconds),
  stop: async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  },
  start: listen,
};

process.on('disconnect', () => process.exit(0));
process.on('message', async (message: string) => {
  const [name, ...args]: [keyof OpenIdProviderControl, ...never[]] = JSON.parse(message);
  try {
    const run = control[name] as (...args: never[]) => Promise<unknown>;
    process.send?.({ value: await run(...args) });
  } catch (error) {
    process.send?.({ error: String(error) });
  }
});
process.stdout.write(`listening on ${issuer}\n`);
