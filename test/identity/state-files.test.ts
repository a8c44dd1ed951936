import { execFile } from 'node:child_process';
import { createHmac, hkdfSync } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { type Identity, openIdentity } from '../../src/identity/open-identity.ts';
import { openServiceAccounts } from '../../src/identity/open-service-accounts.ts';
import { claimsOf, OPTIONS } from './support/make-identity.ts';
import { tempDir } from './support/temp-dir.ts';

const open = (stateDir: string): Promise<Identity> => openIdentity({ ...OPTIONS, stateDir });
const close = (identity: Identity) => identity[Symbol.asyncDispose]();
const modeOf = (path: string) => statSync(path).mode & 0o777;
const isRoot = process.geteuid?.() === 0;

describe('a first start', () => {
  test('makes the folder and its files, for this user alone, and keeps them out of git', async () => {
    using dir = tempDir();
    const stateDir = `${dir.path}/deep/state`;
    await using identity = await open(stateDir);
    expect(identity.jwks().keys).toHaveLength(1);
    expect(modeOf(stateDir)).toBe(0o700);
    expect(readFileSync(`${stateDir}/.gitignore`, 'utf8')).toBe('*\n');
    const files = readdirSync(stateDir).filter((name) => name !== '.gitignore');
    expect(files).toEqual(expect.arrayContaining(['shared-secret', 'store.sqlite']));
    expect(files.map((name) => modeOf(`${stateDir}/${name}`))).toEqual(files.map(() => 0o600));
    expect(files.filter((name) => !/^(shared-secret|store\.sqlite(-wal|-shm)?)$/.test(name))).toEqual([]);
  });

  test('is found again by the second', async () => {
    using dir = tempDir();
    const first = await open(dir.path);
    const token = first.signAssertion(claimsOf('alice'), null);
    const published = first.jwks();
    await close(first);
    await using second = await open(dir.path);
    expect(second.jwks()).toEqual(published);
    const keys = createLocalJWKSet(second.jwks() as JSONWebKeySet);
    expect((await jwtVerify(token, keys)).payload.sub).toBe('alice');
  });

  test('of several processes at once makes one set of keys, and loses no record', async () => {
    using dir = tempDir();
    const stateDir = `${dir.path}/state`;
    const script = new URL('./support/open-in-process.ts', import.meta.url).pathname;
    const runs = Array.from({ length: 5 }, () => promisify(execFile)(process.execPath, [script, stateDir]));
    const outputs = (await Promise.all(runs)).map(({ stdout }) => stdout);
    expect(new Set(outputs).size).toBe(1);
    expect(JSON.parse(outputs[0] ?? '')).toMatchObject({ secret: expect.stringMatching(/^[0-9a-f]{64}$/) });
    using serviceAccounts = openServiceAccounts(stateDir, null);
    expect(serviceAccounts.list()).toHaveLength(5);
    expect(readdirSync(stateDir).filter((name) => /-[0-9a-f]{12}$/.test(name))).toEqual([]);
  });
});

describe('a start is refused', () => {
  test('where no folder can be made, at once', async () => {
    await expect(open('/proc/none/state')).rejects.toMatchObject({
      code: 'ERR_STATE_UNUSABLE',
      message: expect.stringContaining('ENOENT'),
    });
  });

  const aside = (path: string, put: (path: string) => void) => {
    renameSync(path, `${path}.moved`);
    put(path);
  };
  const elsewhere = (path: string) => aside(path, (place) => symlinkSync(`${path}.moved`, place));
  const setVersion = (path: string, version: number) => {
    using database = new DatabaseSync(path);
    database.exec(`PRAGMA user_version = ${version}`);
  };

  const WRONG: Record<string, [file: string, harm: (path: string) => void, message: RegExp]> = {
    'the folder is open to the group': ['', (path) => chmodSync(path, 0o750), /mode 0750\): run chmod 700 "/],
    'the folder is open to all': ['', (path) => chmodSync(path, 0o701), /mode 0701\): run chmod 700 "/],
    'the folder is a symbolic link': ['', elsewhere, /is not a folder: move it away/],
    'the folder is a file': [
      '',
      (path) => aside(path, (place) => writeFileSync(place, '')),
      /is not a folder: move it away/,
    ],
    'the secret is open to all': ['shared-secret', (path) => chmodSync(path, 0o604), /mode 0604\)/],
    'the secret is a symbolic link': ['shared-secret', elsewhere, /is not a file/],
    'the secret is empty': ['shared-secret', (path) => truncateSync(path), /is damaged/],
    'the secret is cut short': ['shared-secret', (path) => truncateSync(path, 44), /is damaged/],
    'the secret has more behind it': [
      'shared-secret',
      (path) => writeFileSync(path, 'AA==\n', { flag: 'a' }),
      /is damaged/,
    ],
    'the store is open to all': ['store.sqlite', (path) => chmodSync(path, 0o666), /mode 0666\)/],
    'the store is a symbolic link': ['store.sqlite', elsewhere, /is not a file/],
    'the store is empty': ['store.sqlite', (path) => truncateSync(path), /cannot be used/],
    'the store is no database': [
      'store.sqlite',
      (path) => writeFileSync(path, 'x'.repeat(4096)),
      /file is not a database/,
    ],
    'the store is cut short': ['store.sqlite', (path) => truncateSync(path, 4096), /malformed/],
    'the store is of a newer program': ['store.sqlite', (path) => setVersion(path, 3), /schema is version 3, not 2/],
    'the store has lost its tables': [
      'store.sqlite',
      (path) => {
        using database = new DatabaseSync(path);
        database.exec('DROP TABLE service_account_tokens');
      },
      /no such table/,
    ],
    'the folder is of another user': [
      '',
      (path) => chownSync(path, 12_345, 12_345),
      /belongs to user 12345, but this is user 0/,
    ],
    'the store is of another user': ['store.sqlite', (path) => chownSync(path, 12_345, 0), /run chown 0 "/],
  };
  const needsRoot = (name: string) => name.endsWith('of another user');
  test.each(Object.entries(WRONG).filter(([name]) => isRoot || !needsRoot(name)))(
    'where %s',
    async (_, [file, harm, message]) => {
      using dir = tempDir();
      const stateDir = `${dir.path}/state`;
      await close(await open(stateDir));
      await close(await open(stateDir));
      harm(file === '' ? stateDir : `${stateDir}/${file}`);
      await expect(open(stateDir)).rejects.toMatchObject({
        code: 'ERR_STATE_UNUSABLE',
        message: expect.stringMatching(message),
      });
    },
  );

  test('where the folder cannot be made', async () => {
    using dir = tempDir();
    writeFileSync(`${dir.path}/file`, '');
    await expect(open(`${dir.path}/file/state`)).rejects.toMatchObject({
      code: 'ERR_STATE_UNUSABLE',
      message: expect.stringContaining('ENOTDIR'),
    });
  });

  test('and nothing damaged is replaced', async () => {
    using dir = tempDir();
    await close(await open(dir.path));
    writeFileSync(`${dir.path}/shared-secret`, 'precious');
    await expect(open(dir.path)).rejects.toThrow();
    expect(readFileSync(`${dir.path}/shared-secret`, 'utf8')).toBe('precious');
  });
});

describe('a given secret', () => {
  test('makes service account tokens verifiable by the documented derivation', () => {
    using dir = tempDir();
    const secret = new Uint8Array(32).fill(9);
    using serviceAccounts = openServiceAccounts(dir.path, secret);
    const [input, signature] = serviceAccounts.create('app', null).split(/\.(?=[^.]*$)/);
    const key = Buffer.from(hkdfSync('sha256', secret, '', 'behalf/v1/service-account', 32));
    expect(
      createHmac('sha256', key)
        .update(input ?? '')
        .digest('base64url'),
    ).toBe(signature);
    expect(existsSync(`${dir.path}/shared-secret`)).toBe(false);
  });

  test('of another length is wrong usage', () => {
    using dir = tempDir();
    expect(() => openServiceAccounts(dir.path, new Uint8Array(31))).toThrow(
      new TypeError('sharedSecret must be 32 bytes'),
    );
  });
});
