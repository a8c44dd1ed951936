/** Run by itself, as one of several processes that start at once: prints what it made or found of the state. */
import { loadSharedSecret } from '../../../src/identity/load-shared-secret.ts';
import { openIdentity } from '../../../src/identity/open-identity.ts';
import { openServiceAccounts } from '../../../src/identity/open-service-accounts.ts';

const [, , stateDir = ''] = process.argv;
const options = { stateDir, sharedSecret: null, signingKey: null, provider: null, servesHost: () => true };
await using identity = await openIdentity(options);
using serviceAccounts = openServiceAccounts(stateDir, null);
await serviceAccounts.create(`sa-${process.pid}`, null);
const secret = Buffer.from(loadSharedSecret(stateDir, null)).toString('hex');
process.stdout.write(JSON.stringify({ jwks: identity.jwks(), secret }));
