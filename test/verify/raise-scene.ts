import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import { CLIENT_ID, PEOPLE } from '../../src/demo/scenario.ts';
import { sendRequest } from '../../src/demo/send-request.ts';
import { ecdsa, forge, type Signer } from '../identity/support/forge.ts';
import { SHARED_SECRET } from '../support/lend-policies.ts';
import { type RunningBehalf, startBehalf } from '../support/start-behalf.ts';
import { startProvider } from '../support/start-provider.ts';
import { startRecorder, valuesOf } from '../support/start-recorder.ts';

export const ASSERTION = 'X-Pomerium-Jwt-Assertion';
export const ASSERTION_FOR = 'X-Pomerium-Jwt-Assertion-For';

const people = { policy: [{ allow: { or: [{ domain: { is: 'companydomain.com' } }] } }] };
const services = { policy: [{ allow: { or: [{ user: { is: 'api-access' } }] } }] };
const ROUTES = { app: people, shop: people, wiki: people, api: services };

export interface Scene extends AsyncDisposable {
  readonly behalf: RunningBehalf;
  readonly jwksUrl: string;
  /** Assertions that the proxy made, as its upstreams received them; the first is who calls API. */
  readonly honest: { readonly api: string; readonly app: string; readonly shop: string; readonly wiki: string };
  readonly publicKey: KeyObject;
  /** A key of the proxy's that is published and signs nothing yet. */
  readonly rsaKey: KeyObject;
  readonly rsaKid: string;
  /** An honest token but for these claims and header members (undefined: none), signed with the proxy's own key unless told. */
  altered(token: string, claims?: object, header?: object, signer?: Signer): string;
}

/** The real proxy, and what it said to its upstreams: alice asked App, Shop and Wiki; App asked API for her. */
export async function raiseScene(): Promise<Scene> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { privateKey: rsaKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await using stack = new AsyncDisposableStack();
  const provider = stack.use(await startProvider());
  const upstream = stack.use(await startRecorder());
  const behalf = stack.use(
    await startBehalf({
      shared_secret: SHARED_SECRET,
      signing_key: [privateKey, rsaKey].map((key) => key.export({ format: 'pem', type: 'pkcs8' })).join(''),
      idp_provider: 'oidc',
      idp_provider_url: provider.issuer,
      idp_client_id: CLIENT_ID,
      bearer_token_format: 'idp_identity_token',
      pass_identity_headers: true,
      routes: Object.entries(ROUTES).map(([name, route]) => ({
        name,
        from: `http://${name}.example.com`,
        to: upstream.url,
        ...route,
      })),
    }),
  );

  async function visit(route: keyof typeof ROUTES, headers: Record<string, string>, name: string): Promise<string> {
    const { status } = await sendRequest({ address: behalf.url, host: `${route}.example.com`, headers });
    const received = upstream.requests.pop();
    const [token, ...others] = received === undefined ? [] : valuesOf(received, name);
    if (token === undefined || others.length > 0) throw new Error(`${route} answered ${status}, without one ${name}`);
    return token;
  }

  const alice = { authorization: `Bearer ${await provider.issue({ ...PEOPLE.alice })}` };
  const service = { authorization: `Bearer Pomerium-${await behalf.createServiceAccount('api-access')}` };
  const app = await visit('app', alice, ASSERTION);
  const honest = {
    api: await visit('api', { ...service, [ASSERTION]: app }, ASSERTION),
    app: await visit('api', { ...service, [ASSERTION]: app }, ASSERTION_FOR),
    shop: await visit('shop', alice, ASSERTION),
    wiki: await visit('wiki', alice, ASSERTION),
  };
  const jwksUrl = `${behalf.url}/.well-known/pomerium/jwks.json`;
  const { keys } = (await (await fetch(jwksUrl)).json()) as JSONWebKeySet;
  const { kid: rsaKid } = keys.find(({ alg }) => alg === 'RS256') ?? {};
  if (rsaKid === undefined) throw new Error('the proxy does not publish its second key');
  const resources = stack.move();
  return {
    behalf,
    jwksUrl,
    honest,
    publicKey,
    rsaKey,
    rsaKid,
    altered: (token, claims = {}, header = {}, signer = ecdsa(privateKey)) =>
      forge({ ...decodeProtectedHeader(token), ...header }, { ...decodeJwt<object>(token), ...claims }, signer),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
