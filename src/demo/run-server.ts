import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { BehalfError } from '../errors.ts';
import { createUpstream } from './create-upstream.ts';
import { CLIENT_ID, PEOPLE, SERVICE, SERVICES, type ServiceName } from './scenario.ts';

/**
 * One server of the demo, as a process of its own: `behalf demo server NAME --port PORT`, with
 * `--proxy URL` for a service, `--authenticate-url URL` for the provider. It ends when the process that started it is gone,
 * however that came.
 */
export async function runServer(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '0' },
      proxy: { type: 'string', default: '' },
      'authenticate-url': { type: 'string', default: '' },
    },
  });
  const [name = ''] = positionals;
  const ended = Promise.race(['SIGTERM', 'SIGINT', 'disconnect'].map((event) => once(process, event)));
  if (process.connected === false) return 0;
  const server = createServer().listen(Number(values.port), '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on(
    'request',
    name === 'provider' ? await provider(url, values['authenticate-url']) : upstream(name, values.proxy),
  );
  process.stdout.write(`listening on ${url}\n`);
  await ended;
  process.exit(0);
}

async function provider(issuer: string, authenticateUrl: string) {
  // Read by this one process: it takes its time, and warns of every Node that it does not know.
  const { createOpenIdProvider } = await import('./create-openid-provider.ts');
  const { CLIENT_SECRET: clientSecret = '' } = process.env;
  const clients = [{ clientId: CLIENT_ID, clientSecret, authenticateUrl }];
  const { listener } = await createOpenIdProvider({ issuer, clients, people: Object.values(PEOPLE) });
  return listener;
}

function upstream(name: string, proxy: string) {
  if (!isServiceName(name)) throw new BehalfError('ERR_USAGE', `there is no server "${name}"`);
  const { host, actsForUsersOf, next } = SERVICE[name];
  const { SERVICE_ACCOUNT_TOKEN: token = '' } = process.env;
  const { listener, takeSightings } = createUpstream({
    name,
    host,
    actsForUsersOf,
    proxy,
    next: next && { name: next.name, host: SERVICE[next.name].host, token },
  });
  process.on('message', () => process.send?.(takeSightings()));
  return listener;
}

function isServiceName(name: string): name is ServiceName {
  return SERVICES.some((service) => service === name);
}
