import { generateKeyPairSync, hkdfSync, type KeyObject, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, decodeJwt, exportJWK, type JSONWebKeySet, type JWK } from 'jose';
import { CLIENT_ID, PEOPLE } from '../../src/demo/scenario.ts';
import { openServiceAccounts, type ServiceAccounts } from '../../src/identity/open-service-accounts.ts';
import { ecdsa, forge, hmac, type Signer } from '../identity/support/forge.ts';
import { eventually } from '../support/eventually.ts';
import { SHARED_SECRET } from '../support/lend-policies.ts';
import { sendRaw } from '../support/send-raw.ts';
import { type RunningBehalf, startBehalf } from '../support/start-behalf.ts';
import { type RunningProvider, startProvider } from '../support/start-provider.ts';
import { type Recorder, startRecorder, valuesOf } from '../support/start-recorder.ts';
import { describeRecorded } from './describe-recorded.ts';
import { describeAnswer, type RawAnswer, readAnswers, requestIdOf } from './read-answers.ts';

const allow = (...criteria: object[]) => ({ policy: [{ allow: { or: criteria } }] });

/** Each is a host `NAME.localhost`, unless `from` says another, with a recording upstream of its own. */
const ROUTES = {
  app: allow({ domain: { is: 'companydomain.com' } }),
  api: allow({ user: { is: 'api-access' } }),
  boss: allow({ 'original_user/user': { is: 'boss' } }),
  open: { allow_public_unauthenticated_access: true },
  plain: { ...allow({ user: { is: 'api-access' } }), pass_identity_headers: false },
  docs: { policy: [{ allow: { or: [{ accept: true }] }, deny: { or: [{ http_path: { starts_with: '/admin' } }] } }] },
  wiki: { prefix: '/public/', prefix_rewrite: '/pub/', allow_public_unauthenticated_access: true },
  version: {
    prefix: '/v1',
    prefix_rewrite: '/',
    policy: [{ allow: { or: [{ accept: true }] }, deny: { or: [{ http_path: { starts_with: '/v1/admin' } }] } }],
  },
  secret: { from: 'http://files.localhost', regex: '/secret.*', ...allow({ user: { is: 'api-access' } }) },
  files: { allow_public_unauthenticated_access: true },
  loopback: { from: 'http://127.0.0.1', ...allow({ user: { is: 'api-access' } }), pass_identity_headers: false },
  'loopback-rest': { from: 'http://127.*', allow_public_unauthenticated_access: true },
  chat: { ...allow({ user: { is: 'api-access' } }), allow_websockets: true },
  // Nothing is behind it.
  moved: {
    to: undefined,
    prefix: '/old',
    redirect: { prefix_rewrite: '/', https_redirect: true },
    allow_public_unauthenticated_access: true,
  },
  'wiki-rest': { from: 'http://wiki.localhost', ...allow({ user: { is: 'api-access' } }) },
};
export type RouteName = keyof typeof ROUTES;

/** What an exchange came to. */
export interface Outcome {
  /** As `describeAnswer` says, and why an assertion was not taken: `403 forbidden original-user-invalid (signature)`. */
  readonly answers: readonly string[];
  /** What reached an upstream, as `describeRecorded` says, after its route's name. */
  readonly seen: readonly string[];
}

export interface Stage extends AsyncDisposable {
  readonly behalf: RunningBehalf;
  readonly provider: RunningProvider;
  readonly recorders: Readonly<Record<RouteName, Recorder>>;
  /** The store that the running proxy reads. */
  readonly accounts: ServiceAccounts;
  /** The key that signs assertions, which no attacker has: tokens made with it show what is refused all the same. */
  readonly signingKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly kid: string;
  /** The honest credential of App's service account. */
  readonly serviceToken: string;
  /** An assertion about alice as App received it, but for these claims (undefined: none), header members and this signer. */
  assertion(claims?: object, header?: object, signer?: Signer): string;
  /** The token of App's service account, made with the proxy's own key, but for these. */
  accountToken(claims?: object, header?: object, signer?: Signer): string;
  /** Sends these bytes and nothing else on a connection of their own. */
  exchange(bytes: string): Promise<Outcome>;
  /** Like `exchange`, for what an answer says beyond its status. */
  send(bytes: string): Promise<RawAnswer[]>;
  /** Those of which the request with this id came, as far as an answer or a recorder has told it. */
  bytesOf(requestId: string): string | undefined;
}

export interface Scenery {
  /** URLs that take the place of recorders. */
  readonly upstreams?: Partial<Record<RouteName, string>>;
  /** Global keys of the configuration. */
  readonly settings?: object;
  /** Which other keys upstreams verify -For with. */
  readonly foreignKeys?: readonly JWK[];
}

/** The real proxy as a process, a provider, and a recording upstream for each route. */
export async function raiseStage({ upstreams = {}, settings = {}, foreignKeys = [] }: Scenery = {}): Promise<Stage> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const sharedSecret = Buffer.from(SHARED_SECRET, 'base64');
  const kid = await calculateJwkThumbprint(await exportJWK(publicKey));
  await using stack = new AsyncDisposableStack();
  const provider = stack.use(await startProvider());
  const recorders = Object.create(null) as Record<RouteName, Recorder>;
  for (const name of Object.keys(ROUTES) as RouteName[]) recorders[name] = stack.use(await startRecorder());
  const behalf = stack.use(
    await startBehalf({
      shared_secret: SHARED_SECRET,
      signing_key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      idp_provider: 'oidc',
      idp_provider_url: provider.issuer,
      idp_client_id: CLIENT_ID,
      bearer_token_format: 'idp_identity_token',
      pass_identity_headers: true,
      ...settings,
      routes: Object.entries(ROUTES).map(([name, route]) => ({
        name,
        from: `http://${name}.localhost`,
        to: upstreams[name as RouteName] ?? recorders[name as RouteName].url,
        ...route,
      })),
    }),
  );
  const accounts = stack.use(openServiceAccounts(behalf.stateDir, sharedSecret));
  const serviceToken = accounts.create('api-access', null);
  const accountKey = Buffer.from(hkdfSync('sha256', sharedSecret, '', 'behalf/v1/service-account', 32));
  const keys: JSONWebKeySet = JSON.parse(
    readAnswers(await sendRaw(behalf.url, ask('open', 'GET /.well-known/pomerium/jwks.json')))[0]?.body ?? '',
  );

  const sent = new Map<string, string>();
  const send = async (bytes: string): Promise<RawAnswer[]> => {
    const answers = readAnswers(await sendRaw(behalf.url, bytes));
    const recorded = Object.values(recorders).flatMap(({ requests }) => requests);
    const forwarded = recorded.flatMap((request) => valuesOf(request, 'x-request-id'));
    for (const id of [...answers.map(requestIdOf), ...forwarded]) {
      if (id !== null && !sent.has(id)) sent.set(id, bytes);
    }
    return answers;
  };
  const resources = stack.move();
  return {
    behalf,
    provider,
    recorders,
    accounts,
    signingKey: privateKey,
    publicKey,
    kid,
    serviceToken,
    assertion(claims = {}, header = {}, signer = ecdsa(privateKey)) {
      return forge({ alg: 'ES256', typ: 'JWT', kid, ...header }, { ...claimsOfAlice(), ...claims }, signer);
    },
    accountToken(claims = {}, header = {}, signer = hmac(accountKey)) {
      const honest = { alg: 'HS256', typ: 'behalf-service-account+jwt' };
      return forge({ ...honest, ...header }, { ...decodeJwt<object>(serviceToken), ...claims }, signer);
    },
    send,
    bytesOf: (requestId) => sent.get(requestId),
    async exchange(bytes) {
      for (const { requests } of Object.values(recorders)) requests.length = 0;
      const answers = await send(bytes);
      const seen: string[] = [];
      for (const [name, recorder] of Object.entries(recorders)) {
        const host = `${name.replace('-rest', '')}.localhost`;
        for (const recorded of recorder.requests) {
          seen.push(`${name}: ${await describeRecorded(recorded, { host, recorder, keys, foreignKeys, sent: bytes })}`);
        }
      }
      return { answers: await Promise.all(answers.map((answer) => explain(answer, behalf))), seen };
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** The answer does not tell a client why an assertion was not taken; the log tells its reader. */
async function explain(answer: RawAnswer, behalf: RunningBehalf): Promise<string> {
  const description = describeAnswer(answer);
  if (!description.endsWith('original-user-invalid')) return description;
  const requestId = requestIdOf(answer);
  // The line is written a moment after the answer.
  const { original_user_error: why } = await eventually(async () => {
    const line = (await behalf.logLines()).find(({ request_id: id }) => id === requestId);
    return line ?? Promise.reject(new Error(`no line of the log is about ${requestId}`));
  });
  return `${description} (${why})`;
}

/** As App received them: whole seconds, five minutes. */
export function claimsOfAlice() {
  const { sub, email, name, groups } = PEOPLE.alice;
  const iat = nowSeconds();
  return {
    iss: 'app.localhost',
    aud: 'app.localhost',
    sub,
    user: sub,
    email,
    name,
    groups,
    sid: 'session-of-alice',
    caller_type: 'user',
    jti: randomUUID(),
    iat,
    exp: iat + 300,
  };
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** A request for a route's host, by itself on its connection; each line is a header, `requestLine` lacks the version. */
export function ask(route: string, requestLine: string, ...lines: readonly string[]): string {
  const head = [`${requestLine} HTTP/1.1`, `Host: ${route}.localhost`, 'Accept: application/json', 'Connection: close'];
  return `${[...head, ...lines].join('\r\n')}\r\n\r\n`;
}
