import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { stringify } from 'yaml';
import { boot } from '../../src/boot.ts';
import { openServiceAccounts } from '../../src/identity/open-service-accounts.ts';
import { createLog } from '../../src/log.ts';

export interface StartedProxy extends AsyncDisposable {
  readonly url: string;
  readonly stateDir: string;
  /** A token of this service account. */
  createServiceAccount(id: string): Promise<string>;
  revokeServiceAccount(id: string): void;
  /** The lines that were logged, parsed; empties the list. */
  takeLines(): Record<string, unknown>[];
  close(): Promise<void>;
}

/** The real proxy in this process: configuration, compiler, engine and identity. `config` is YAML's keys. */
export async function startProxy(config: Readonly<Record<string, unknown>>): Promise<StartedProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'behalf-'));
  const stateDir = join(folder, 'state');
  const file = join(folder, 'behalf.yaml');
  await writeFile(file, stringify({ address: '127.0.0.1:0', insecure_server: true, state_dir: stateDir, ...config }));
  let text = '';
  const stream = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  const running = await boot(file, createLog(stream));
  const accounts = openServiceAccounts(stateDir, null);
  let closed: Promise<void> | null = null;
  const close = () => {
    closed ??= running.close();
    return closed;
  };
  return {
    url: running.url,
    stateDir,
    createServiceAccount: (id) => accounts.create(id, 3600),
    revokeServiceAccount: (id) => accounts.revoke({ id }),
    takeLines() {
      const lines = text.split('\n').slice(0, -1);
      text = '';
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    close,
    async [Symbol.asyncDispose]() {
      accounts[Symbol.dispose]();
      await close();
      await rm(folder, { recursive: true });
    },
  };
}
