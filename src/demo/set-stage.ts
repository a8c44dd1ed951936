import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { BehalfError } from '../errors.ts';
import { ownCommand } from '../own-command.ts';
import type { Screen } from './create-screen.ts';
import type { Sighting } from './create-upstream.ts';
import { openVisitor } from './open-visitor.ts';
import { prepareScenario } from './prepare-scenario.ts';
import { PEOPLE, SERVICE, SERVICES, type ServiceName } from './scenario.ts';
import type { Stage } from './stage.ts';
import { type RunningProcess, startProcess } from './start-process.ts';

/** Behalf itself once more: every part of the demo is a process of its own. */
const BEHALF = ownCommand(process.execArgv);

/**
 * Starts all that the scenario needs; `stack` ends it.
 *
 * @throws BehalfError ERR_DEMO_FAILED where a process cannot do its part
 */
export async function setStage(stack: AsyncDisposableStack, screen: Screen): Promise<Stage> {
  const { folder, config, proxy, authenticateUrl, clientSecret, providerPort, ports, signingKey, changes } =
    await prepareScenario();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  screen.progress(`the scenario is ${config}`);
  for (const change of changes) screen.progress(change);

  const processes: RunningProcess[] = [];
  const start = (name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningProcess => {
    if (stack.disposed) throw new BehalfError('ERR_DEMO_FAILED', 'interrupted');
    const child = startProcess({
      name,
      command: [...BEHALF, ...args],
      env,
      log: join(folder, `${name}.log`),
    });
    processes.push(stack.use(child));
    return child;
  };
  /** For the account with which this service calls: it may bring what the service itself gets. */
  const createToken = async (account: string, service: ServiceName): Promise<string> => {
    const { actsForUsersOf } = SERVICE[service];
    const carries = SERVICES.filter((name) => actsForUsersOf.includes(SERVICE[name].host));
    const routes = ['--serves', service, ...carries.flatMap((name) => ['--carries', name])];
    return (await run('service-account', 'create', account, ...routes, '--config', config)).trim();
  };

  screen.progress('making service accounts, starting the identity provider');
  const asProvider = ['--port', String(providerPort), '--authenticate-url', authenticateUrl];
  const provider = start('provider', ['demo', 'server', 'provider', ...asProvider], { CLIENT_SECRET: clientSecret });
  const tokens: Partial<Record<ServiceName, string>> = {};
  for (const name of SERVICES) {
    const { next } = SERVICE[name];
    if (next !== null) tokens[name] = await createToken(next.account, name);
  }
  await provider.ready;

  screen.progress('starting App, API, API2 and the proxy, which compiles its policies');
  const serve = start('proxy', ['serve', '--config', config]);
  const services = SERVICES.map((name) => {
    const args = ['demo', 'server', name, '--port', String(ports[name]), '--proxy', proxy];
    return [name, start(name, args, { SERVICE_ACCOUNT_TOKEN: tokens[name] ?? '' })] as const;
  });
  await Promise.all([serve, ...services.map(([, child]) => child)].map(({ ready }) => ready));
  screen.progress(`ready: the proxy is ${proxy}`);

  const { port } = new URL(proxy);
  const urlOf = (name: ServiceName): string => `http://${SERVICE[name].host}:${port}/`;
  return {
    proxy,
    visitors: {
      alice: openVisitor(PEOPLE.alice.sub),
      bob: openVisitor(PEOPLE.bob.sub),
      eve: openVisitor(PEOPLE.eve.sub),
    },
    urls: { App: urlOf('App'), API: urlOf('API'), API2: urlOf('API2') },
    serviceAccountToken: tokens.App ?? '',
    signingKey,
    folder,
    died: Promise.race(processes.map(({ died }) => died)),
    takeSightings: async () => {
      const sightings = services.map(async ([name, child]) => [name, (await child.ask('sightings')) as Sighting[]]);
      return Object.fromEntries(await Promise.all(sightings)) as Record<ServiceName, Sighting[]>;
    },
    createServiceAccountToken: () => createToken('api-access', 'App'),
    revokeServiceAccountToken: async (token) => {
      await run('service-account', 'revoke', 'api-access', '--token', decodeJwt(token).jti ?? '', '--config', config);
    },
  };
}

/** One command of Behalf's command line, to its end; resolves to its stdout. */
async function run(...args: string[]): Promise<string> {
  const [program, ...rest] = BEHALF;
  try {
    return (await promisify(execFile)(program, [...rest, ...args])).stdout;
  } catch (error) {
    const { stderr = String(error) } = error as { stderr?: string };
    throw new BehalfError('ERR_DEMO_FAILED', `behalf ${args.join(' ')}\n${stderr.trimEnd()}`, { cause: error });
  }
}
