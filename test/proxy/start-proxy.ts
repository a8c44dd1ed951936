import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { stringify } from 'yaml';
import { boot } from '../../src/boot.ts';
import { openServiceAccounts } from '../../src/identity/open-service-accounts.ts';
import { createLog } from '../../src/log.ts';
import { lendPolicies } from '../support/lend-policies.ts';

export interface StartedProxy extends AsyncDisposable {
  readonly url: string;
  readonly stateDir: string;
  /** A token of this service account. */
  createServiceAccount(id: string): Promise<string>;
  revokeServiceAccount(id: string): void;
  /** Writes another configuration, and has it loaded. */
  reload(config: Readonly<Record<string, unknown>>): Promise<void>;
  /** The lines that were logged, parsed; empties the list. Without slow decisions: on a busy machine any may be one. */
  takeLines(): Record<string, unknown>[];
  close(graceMs?: number): Promise<void>;
}

/** The real proxy in this process: configuration, compiler, engine and identity. `config` is YAML's keys. */
export async function startProxy(config: Readonly<Record<string, unknown>>): Promise<StartedProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'behalf-'));
  const stateDir = join(folder, 'state');
  const file = join(folder, 'behalf.yaml');
  const configure = (keys: Readonly<Record<string, unknown>>): Promise<void> => {
    const clear = 'certificate' in keys ? {} : { insecure_server: true };
    return writeFile(file, stringify({ address: '127.0.0.1:0', ...clear, state_dir: stateDir, ...keys }));
  };
  await configure(config);
  let text = '';
  const stream = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  const log = createLog(stream);
  const giveBack = await lendPolicies(stateDir, config);
  const running = await boot(file, log);
  await giveBack();
  const accounts = openServiceAccounts(stateDir, null);
  let closed: Promise<void> | null = null;
  const close = (graceMs?: number) => {
    closed ??= running.close(graceMs);
    return closed;
  };
  return {
    url: running.url,
    stateDir,
    createServiceAccount: async (id) => accounts.create(id, 3600),
    revokeServiceAccount: (id) => accounts.revoke({ id }),
    async reload(keys) {
      await configure(keys);
      await running.reload();
    },
    takeLines() {
      log.flush();
      const lines = text.split('\n').slice(0, -1);
      text = '';
      return lines
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ message }) => message !== 'slow decision');
    },
    close,
    async [Symbol.asyncDispose]() {
      accounts[Symbol.dispose]();
      await close();
      await rm(folder, { recursive: true });
    },
  };
}
