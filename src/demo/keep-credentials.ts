import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICE } from './scenario.ts';
import type { Stage } from './stage.ts';

/** Writes what the invitation sends as files for `curl -H @FILE`: the sessions of alice and eve, and App's own token. */
export async function keepCredentials({ folder, visitors, serviceAccountToken }: Stage): Promise<void> {
  const headers = {
    alice: `Cookie: ${visitors.alice.cookiesFor(SERVICE.App.host)}`,
    eve: `Cookie: ${visitors.eve.cookiesFor(SERVICE.App.host)}`,
    app: `Authorization: Bearer Pomerium-${serviceAccountToken}`,
  };
  for (const [name, header] of Object.entries(headers)) {
    await writeFile(join(folder, `${name}.header`), `${header}\n`, { mode: 0o600 });
  }
}
