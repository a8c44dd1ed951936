import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CLIENT_ID, PEOPLE } from '../src/demo/scenario.ts';
import { startProcess } from '../src/demo/start-process.ts';
import { type RunningBehalf, startBehalf } from '../test/support/start-behalf.ts';
import { startProvider } from '../test/support/start-provider.ts';
import { makeFolder } from './make-folder.ts';

/** The scenario, with an upstream of the bench's for all routes. */
export interface Stage extends AsyncDisposable {
  readonly folder: string;
  readonly upstream: string;
  readonly behalf: RunningBehalf;
  /** The head of a request to that route: with nothing, as the service account, and as it on Alice's behalf. */
  writeHead(
    route: 'api' | 'batch' | 'public',
    as: 'nobody' | 'service account' | 'on behalf of Alice',
  ): Promise<string>;
}

/** Starts the upstream, the provider and `behalf serve`, each as real as the next: nothing here is played. */
export async function startStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await makeFolder()).path;
  const upstream = stack.use(startBenchProcess('upstream', folder));
  const provider = stack.use(await startProvider());
  const to = await upstream.ready;
  const behalf = stack.use(await startBehalf(configOf(to, provider.issuer)));
  const account = await behalf.createServiceAccount('api-access');

  // What App receives when Alice opens it: from then on it is App's to send.
  const readAssertion = async (): Promise<string> => {
    const token = await provider.issue({ ...PEOPLE.alice, groups: [...PEOPLE.alice.groups], email_verified: true });
    const headers = await getJson(`${behalf.url}/echo`, { host: 'app.localhost', authorization: `Bearer ${token}` });
    return String(headers['x-pomerium-jwt-assertion']);
  };

  const credentials = {
    nobody: () => [],
    'service account': () => [`Authorization: Bearer Pomerium-${account}`],
    'on behalf of Alice': async () => [
      `Authorization: Bearer Pomerium-${account}`,
      `X-Pomerium-Jwt-Assertion: ${await readAssertion()}`,
    ],
  };
  const owned = stack.move();
  return {
    folder,
    upstream: to,
    behalf,
    writeHead: async (route, as) =>
      [
        `GET /reports/7?x=1 HTTP/1.1`,
        `Host: ${route}.localhost`,
        ...HEADERS,
        ...(await credentials[as]()),
        '',
        '',
      ].join('\r\n'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Runs a program of this folder, which lives as long as the bench at most. */
export function startBenchProcess(name: 'upstream' | 'bare-proxy', folder: string, ...args: string[]) {
  const program = join(import.meta.dirname, `${name}.ts`);
  return startProcess({ name, command: [process.execPath, program, ...args], log: join(folder, `${name}.log`) });
}

const HEADERS = [
  'Accept: application/json, text/plain, */*',
  'Accept-Encoding: gzip, deflate, br',
  'Accept-Language: en-GB,en;q=0.9',
  'User-Agent: App/1.0',
  'Traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  'X-Correlation-Id: 0b1e6f3c-5a0c-4a1e-9f1e-2f2e4c9d1d11',
];

function configOf(to: string, issuer: string): Readonly<Record<string, unknown>> {
  const policyOf = (...criteria: object[]) => [{ allow: { and: criteria } }];
  return {
    idp_provider: 'oidc',
    idp_provider_url: issuer,
    idp_client_id: CLIENT_ID,
    bearer_token_format: 'idp_identity_token',
    routes: [
      {
        name: 'App',
        from: 'http://app.localhost',
        to,
        pass_identity_headers: true,
        policy: policyOf({ domain: { is: 'companydomain.com' } }),
      },
      {
        name: 'API',
        from: 'http://api.localhost',
        to,
        pass_identity_headers: true,
        policy: policyOf({ user: { is: 'api-access' } }, { 'original_user/domain': { is: 'companydomain.com' } }),
      },
      {
        name: 'Batch',
        from: 'http://batch.localhost',
        to,
        pass_identity_headers: true,
        policy: policyOf({ user: { is: 'api-access' } }),
      },
      { name: 'public', from: 'http://public.localhost', to, allow_public_unauthenticated_access: true },
    ],
  };
}

async function getJson(url: string, headers: Record<string, string>): Promise<Record<string, unknown>> {
  // fetch() sends no Host but the URL's.
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(url, { headers }, resolve).on('error', reject).end();
  const response = await promise;
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`${headers['host']} answered ${response.statusCode}: ${body}`);
  return JSON.parse(body);
}
