import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { AssertionClaims, Caller, CallerType, OriginalUser } from '../../../src/engine/documents.ts';
import { type Identity, type IdentityOptions, openIdentity } from '../../../src/identity/open-identity.ts';
import { openKeySets } from '../../../src/identity/open-key-sets.ts';
import { openServiceAccounts, type ServiceAccounts } from '../../../src/identity/open-service-accounts.ts';
import { tempDir } from './temp-dir.ts';

export const SECRET = new Uint8Array(32).fill(7);

export interface World extends AsyncDisposable {
  readonly stateDir: string;
  readonly identity: Identity;
  readonly serviceAccounts: ServiceAccounts;
  /** As a service account brings it that may bring any, to a route without `original_user_max_age` unless told. */
  verifyAssertion(token: string, maxAgeSeconds?: number | null): Promise<OriginalUser>;
  /** Both halves of the key that signs assertions: what a thief of it could make. */
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** No provider, no trusted issuers, keys of the state folder. */
export const OPTIONS = {
  sharedSecret: null,
  signingKeys: [],
  provider: null,
  bearerTokenFormat: 'default',
  accessTokenAudiences: [],
  trustedIssuers: [],
  clockSkewSeconds: 60,
  keySets: openKeySets(),
  servesHost: () => true,
  routesServeHost: () => true,
  isLiveSession: () => null,
} as const satisfies Partial<IdentityOptions>;

/** An identity over real files, which serves app.example.com, api.example.com and *.wild.example.com. */
export async function makeIdentity(options: Partial<IdentityOptions> = {}): Promise<World> {
  const dir = tempDir();
  const stateDir = `${dir.path}/state`;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serviceAccounts = openServiceAccounts(stateDir, SECRET);
  const identity = await openIdentity({
    stateDir,
    ...OPTIONS,
    sharedSecret: SECRET,
    signingKeys: [privateKey.export({ format: 'pem', type: 'pkcs8' })],
    servesHost: (host) => /^(app|api|[a-z]+\.wild)\.example\.com$/.test(host),
    routesServeHost: (routes, host) => routes.some((route) => host === `${route}.example.com`),
    ...options,
  });
  let presenter: Caller | null = null;
  return {
    stateDir,
    identity,
    serviceAccounts,
    async verifyAssertion(assertion, maxAgeSeconds = null) {
      presenter ??= await identity.identifyCaller({
        kind: 'service_account',
        token: serviceAccounts.create('presenter', null),
      });
      return identity.verifyAssertion(assertion, { presenter, maxAgeSeconds });
    },
    privateKey,
    publicKey,
    async [Symbol.asyncDispose]() {
      await identity[Symbol.asyncDispose]();
      serviceAccounts[Symbol.dispose]();
      dir[Symbol.dispose]();
    },
  };
}

export function claimsOf(sub: string, type: CallerType = 'user', sid = 'a-session'): AssertionClaims {
  return {
    iss: 'app.example.com',
    aud: 'app.example.com',
    sub,
    user: sub,
    email: `${sub}@companydomain.com`,
    name: 'Alice Á. Example',
    groups: ['staff', 'ops'],
    sid,
    caller_type: type,
  };
}

/** What another connection wrote to the store is seen after 100 ms at most. */
export const beSeen = () => new Promise((resolve) => setTimeout(resolve, 110));

export const nowSeconds = () => Math.floor(Date.now() / 1000);
