import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { AssertionClaims, CallerType } from '../../../src/engine/documents.ts';
import { type Identity, type IdentityOptions, openIdentity } from '../../../src/identity/open-identity.ts';
import { openServiceAccounts, type ServiceAccounts } from '../../../src/identity/open-service-accounts.ts';
import { tempDir } from './temp-dir.ts';

export const SECRET = new Uint8Array(32).fill(7);

export interface World extends AsyncDisposable {
  readonly stateDir: string;
  readonly identity: Identity;
  readonly serviceAccounts: ServiceAccounts;
  /** Both halves of the key that signs assertions: what a thief of it could make. */
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** An identity over real files, which serves app.example.com, api.example.com and *.wild.example.com. */
export async function makeIdentity(options: Partial<IdentityOptions> = {}): Promise<World> {
  const dir = tempDir();
  const stateDir = `${dir.path}/state`;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serviceAccounts = openServiceAccounts(stateDir, SECRET);
  const identity = await openIdentity({
    stateDir,
    sharedSecret: SECRET,
    signingKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    provider: null,
    servesHost: (host) => /^(app|api|[a-z]+\.wild)\.example\.com$/.test(host),
    ...options,
  });
  return {
    stateDir,
    identity,
    serviceAccounts,
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

export const nowSeconds = () => Math.floor(Date.now() / 1000);
