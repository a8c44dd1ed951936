/** Run by itself, as one of several processes that start at once: prints what it made or found of the state. */
import { loadSharedSecret } from '../../../src/identity/load-shared-secret.ts';
import { openIdentity } from '../../../src/identity/open-identity.ts';
import { openServiceAccounts } from '../../../src/identity/open-service-accounts.ts';
import { OPTIONS } from './make-identity.ts';

const [, , stateDir = ''] = process.argv;
await using identity = await openIdentity({ ...OPTIONS, stateDir });
using serviceAccounts = openServiceAccounts(stateDir, null);
await serviceAccounts.create(`sa-${process.pid}`, null);
const secret = Buffer.from(loadSharedSecret(stateDir, null)).toString('hex');
process.stdout.write(JSON.stringify({ jwks: identity.jwks(), secret }));
