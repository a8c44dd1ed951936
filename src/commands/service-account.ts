import type { Config, Route } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { nearest } from '../config/nearest.ts';
import { BehalfError } from '../errors.ts';
import { openServiceAccounts, type ServiceAccounts } from '../identity/open-service-accounts.ts';
import type { TokenSelection } from '../identity/open-store.ts';
import { DEFAULT_LIFETIME, parseLifetime } from '../identity/parse-lifetime.ts';
import { parseOptions } from './parse-options.ts';
import { writeTable } from './write-table.ts';
import { writeTime } from './write-time.ts';

export async function serviceAccount([action, ...args]: readonly string[]): Promise<number> {
  switch (action) {
    case 'create':
      return create(args);
    case 'list': {
      const { values } = parseOptions(args, {});
      using accounts = open(await load(values.config));
      process.stdout.write(writeList(accounts));
      return 0;
    }
    case 'revoke': {
      const { values, positionals } = parseOptions(args, { token: { type: 'string' } }, 1);
      const selection = parseSelection(positionals[0], values.token);
      using accounts = open(await load(values.config));
      const count = accounts.revoke(selection);
      process.stderr.write(`revoked: ${count} ${count === 1 ? 'token' : 'tokens'}\n`);
      return 0;
    }
    case undefined:
      throw new BehalfError('ERR_USAGE', 'one of create, list, revoke is missing');
    default:
      throw new BehalfError('ERR_USAGE', `there is no action "${action}"`);
  }
}

function parseSelection(id: string | undefined, jti: string | undefined): TokenSelection {
  if (jti !== undefined) return id === undefined ? { jti } : { id, jti };
  if (id !== undefined) return { id };
  throw new BehalfError('ERR_USAGE', 'revoke needs an ID, or --token with a JTI');
}

async function create(args: readonly string[]): Promise<number> {
  const routes = { type: 'string', multiple: true } as const;
  const options = { expires: { type: 'string' }, serves: routes, carries: routes } as const;
  const { values, positionals } = parseOptions(args, options, 1);
  const [id] = positionals;
  if (id === undefined) {
    throw new BehalfError('ERR_USAGE', 'create needs an ID, as in: behalf service-account create my-app');
  }
  const lifetime = parseLifetime(values.expires ?? DEFAULT_LIFETIME);
  const config = await load(values.config);
  const findNames = (given: readonly string[] = []) => given.map((name) => findRoute(config.routes, name).name);
  const [serves, carries] = [findNames(values.serves), findNames(values.carries)];
  using accounts = open(config);
  process.stdout.write(`${accounts.create(id, lifetime, { serves, carries })}\n`);
  return 0;
}

/** Names are what is kept: an id is another route's as soon as routes change places. */
function findRoute(routes: readonly Route[], given: string): Route {
  const route = routes.find(({ name, id }) => given === name || given === id);
  if (route === undefined) {
    throw new BehalfError('ERR_USAGE', `there is no route ${JSON.stringify(given)}${writeHint(routes, given)}`);
  }
  if (route.name === route.id) {
    throw new BehalfError('ERR_USAGE', `the route ${JSON.stringify(given)} has no name of its own: give it a "name"`);
  }
  return route;
}

function writeHint(routes: readonly Route[], given: string): string {
  const served = routes.filter(({ from }) => from.host === given.toLowerCase()).map(({ name }) => JSON.stringify(name));
  if (served.length === 1) return `; that is the host of the route ${served[0]}`;
  if (served.length > 1) return `; that is the host of the routes ${served.join(', ')}`;
  const near = nearest(
    given,
    routes.map(({ name }) => name),
  );
  return near === null ? '' : `; did you mean ${JSON.stringify(near)}?`;
}

async function load(configFile: string): Promise<Config> {
  process.umask(0o077);
  return (await loadConfig(configFile)).config;
}

function open({ stateDir, sharedSecret }: Config): ServiceAccounts {
  return openServiceAccounts(stateDir, sharedSecret);
}

function writeList(accounts: ServiceAccounts): string {
  const rows = accounts
    .list()
    .map(({ id, jti, created_at, expires_at, revoked_at, serves, carries }) => [
      id,
      jti,
      writeTime(created_at, ''),
      writeTime(expires_at, 'never'),
      writeTime(revoked_at, '-'),
      ...(serves.length + carries.length === 0 ? ['any', 'any'] : [writeNames(serves), writeNames(carries)]),
    ]);
  return writeTable([['ID', 'JTI', 'CREATED', 'EXPIRES', 'REVOKED', 'SERVES', 'CARRIES'], ...rows]);
}

function writeNames(routes: readonly string[]): string {
  return routes.length === 0 ? '-' : routes.join(',');
}
