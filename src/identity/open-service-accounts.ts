import { randomUUID } from 'node:crypto';
import { BehalfError } from '../errors.ts';
import { deriveKey } from './derive-key.ts';
import { loadSharedSecret } from './load-shared-secret.ts';
import { openStateDir } from './open-state-dir.ts';
import { openStore, type ServiceAccountToken, type TokenSelection } from './open-store.ts';
import { signServiceAccountToken } from './sign-service-account-token.ts';

/** Fits a header, a log line and a shell without quotes, and does not look like an option. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$/;

export interface ServiceAccounts extends Disposable {
  /**
   * A new token, to be shown once: the store keeps only its `jti`. Where the account has tokens already, this is a
   * further one. `lifetimeSeconds` as `parseLifetime` gives it: null is without end. `routes` are names; the token may
   * present assertions of these routes alone, without any of them those of all routes. Throws ERR_USAGE.
   */
  create(
    id: string,
    lifetimeSeconds: number | null,
    routes?: Partial<Pick<ServiceAccountToken, 'serves' | 'carries'>>,
  ): string;
  /** Every token ever made, revoked and expired ones too; never the token itself. */
  list(): readonly ServiceAccountToken[];
  /** Ends tokens at once, in running proxies too, and says how many; again is no error. Throws ERR_USAGE where none is selected. */
  revoke(selection: TokenSelection): number;
}

/** What `behalf service-account` works on; shared with a running proxy. Throws ERR_STATE_UNUSABLE. */
export function openServiceAccounts(stateDir: string, sharedSecret: Uint8Array | null): ServiceAccounts {
  openStateDir(stateDir);
  const secret = loadSharedSecret(stateDir, sharedSecret);
  const store = openStore(stateDir);
  return {
    create(id, lifetimeSeconds, { serves = [], carries = [] } = {}) {
      if (!ID.test(id)) {
        throw new BehalfError(
          'ERR_USAGE',
          `${JSON.stringify(id)} is no service account ID: it must match ${ID.source}`,
        );
      }
      const now = Math.floor(Date.now() / 1000);
      const expires_at = lifetimeSeconds === null ? null : now + lifetimeSeconds;
      const record = { id, jti: randomUUID(), created_at: now, expires_at, revoked_at: null, serves, carries };
      const token = signServiceAccountToken(record, deriveKey(secret, 'serviceAccount'));
      store.addToken(record);
      return token;
    },
    list: () => store.listTokens(),
    revoke(selection) {
      const count = store.revokeTokens(selection, Math.floor(Date.now() / 1000));
      if (count === 0) {
        const { id, jti } = selection;
        const what = [id && `the ID ${JSON.stringify(id)}`, jti && `the JTI ${JSON.stringify(jti)}`].filter(Boolean);
        throw new BehalfError('ERR_USAGE', `no token has ${what.join(' and ')}`);
      }
      return count;
    },
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}
