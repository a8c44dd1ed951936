import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openIdentity } from '../../src/identity/open-identity.ts';
import { openServiceAccounts } from '../../src/identity/open-service-accounts.ts';
import { beSeen, OPTIONS } from './support/make-identity.ts';
import { tempDir } from './support/temp-dir.ts';

/** As `behalf service-account` does: a process that comes and goes. */
function runElsewhere(path: string, sql: string): void {
  const code = `const c = new (require('node:sqlite').DatabaseSync)(process.argv[1]); c.exec(process.argv[2]); c.close()`;
  execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', '-e', code, path, sql]);
}

const REVOKE = 'UPDATE service_account_tokens SET revoked_at = 1';
const WRITE = 'UPDATE service_account_tokens SET created_at = 1';

async function openOne() {
  const dir = tempDir();
  const stateDir = `${dir.path}/state`;
  const token = (() => {
    using accounts = openServiceAccounts(stateDir, null);
    return accounts.create('app', null);
  })();
  const identity = await openIdentity({ ...OPTIONS, stateDir });
  const identify = (who = identity) => who.identifyCaller({ kind: 'service_account', token });
  return { dir, stateDir, store: `${stateDir}/store.sqlite`, identity, identify };
}

const replaced = {
  code: 'ERR_STATE_UNUSABLE',
  message: expect.stringContaining('store.sqlite" cannot be used: Error: it was replaced while in use: restart'),
};

const HARM: Record<string, (store: string) => void> = {
  'the -wal and the -shm are gone': (store) => {
    rmSync(`${store}-wal`);
    rmSync(`${store}-shm`);
  },
  'the -wal is gone': (store) => rmSync(`${store}-wal`),
  'the -shm is gone': (store) => rmSync(`${store}-shm`),
  'the -wal is another': (store) => {
    renameSync(`${store}-wal`, `${store}-wal.moved`);
    writeFileSync(`${store}-wal`, '', { mode: 0o600 });
  },
};

test.each(Object.entries(HARM))('nobody is believed once %s', async (_, harm) => {
  const { dir, stateDir, store, identity, identify } = await openOne();
  using _dir = dir;
  await using _identity = identity;
  expect((await identify()).id).toBe('app');
  harm(store);
  await beSeen();
  await expect(identify()).rejects.toMatchObject(replaced);
  // A reload shares the process, and with it what SQLite holds open.
  await expect(openIdentity({ ...OPTIONS, stateDir })).rejects.toMatchObject(replaced);
});

test('what was revoked beside a lost -wal stays revoked after the restart', async () => {
  const { dir, stateDir, store, identity, identify } = await openOne();
  using _dir = dir;
  runElsewhere(store, 'PRAGMA wal_checkpoint(TRUNCATE)');
  HARM['the -wal and the -shm are gone']?.(store);
  runElsewhere(store, REVOKE);
  await beSeen();
  await expect(identify()).rejects.toMatchObject(replaced);
  await identity[Symbol.asyncDispose]();
  await using again = await openIdentity({ ...OPTIONS, stateDir });
  await expect(identify(again)).rejects.toMatchObject({ code: 'ERR_CREDENTIAL_INVALID', reason: 'revoked' });
});

test('other processes that write, checkpoint and close replace nothing', async () => {
  const { dir, stateDir, store, identity, identify } = await openOne();
  using _dir = dir;
  for (const sql of ['SELECT 1', WRITE, 'PRAGMA wal_checkpoint(TRUNCATE)', 'VACUUM']) {
    runElsewhere(store, sql);
    await beSeen();
    await expect(identify()).resolves.toBeDefined();
    expect(existsSync(`${store}-wal`)).toBe(true);
  }
  // A reload: the new one opens before the old one closes.
  const reloaded = await openIdentity({ ...OPTIONS, stateDir });
  await identity[Symbol.asyncDispose]();
  await beSeen();
  await expect(identify(reloaded)).resolves.toBeDefined();
  // The last one takes its files with it, and the next start makes others.
  await reloaded[Symbol.asyncDispose]();
  expect(existsSync(`${store}-wal`)).toBe(false);
  await using next = await openIdentity({ ...OPTIONS, stateDir });
  runElsewhere(store, REVOKE);
  await beSeen();
  await expect(identify(next)).rejects.toMatchObject({ reason: 'revoked' });
});
