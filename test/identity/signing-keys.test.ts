import { execFile } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  decodeProtectedHeader,
  type JSONWebKeySet,
  type JWK,
  jwtVerify,
} from 'jose';
import { describe, expect, test, vi } from 'vitest';
import { type Identity, openIdentity } from '../../src/identity/open-identity.ts';
import { openServiceAccounts } from '../../src/identity/open-service-accounts.ts';
import { openStateKeys, type StateKeys } from '../../src/identity/open-state-keys.ts';
import { generatePrivateKey, type SigningAlgorithm } from '../../src/signing-algorithms.ts';
import { holdClock } from './support/hold-clock.ts';
import { beSeen, claimsOf, makeIdentity, OPTIONS } from './support/make-identity.ts';
import { tempDir } from './support/temp-dir.ts';

holdClock();

const open = (stateDir: string, ...signingKeys: string[]): Promise<Identity> =>
  openIdentity({ ...OPTIONS, stateDir, signingKeys });
const kidsOf = (identity: Identity) => (identity.jwks().keys as readonly JWK[]).map(({ kid }) => kid);
const kidOf = (token: string) => decodeProtectedHeader(token).kid;
const EXPORT = { format: 'pem', type: 'pkcs8' } as const;
const ALGORITHMS: SigningAlgorithm[] = ['ES256', 'RS256', 'EdDSA'];
const soon = { alg: null, afterSeconds: 0, maxAgeSeconds: 0 };

describe('given keys', () => {
  test.each(ALGORITHMS)('%s: signs, is published as jose writes it, and verifies what jose verifies', async (alg) => {
    await using world = await makeIdentity({ signingKeys: [generatePrivateKey(alg)] });
    const token = world.identity.signAssertion(claimsOf('alice'), null);
    const { keys } = world.identity.jwks() as JSONWebKeySet;
    const [{ kid, use, alg: said, ...members } = {} as JWK] = keys;
    expect({ kid, use, said }).toEqual({ kid: await calculateJwkThumbprint(members), use: 'sig', said: alg });
    expect(Object.keys(members).sort()).not.toContain('d');
    expect(decodeProtectedHeader(token)).toEqual({ alg, typ: 'JWT', kid });
    await expect(jwtVerify(token, createLocalJWKSet({ keys }), { algorithms: [alg] })).resolves.toBeDefined();
    expect((await world.verifyAssertion(token)).id).toBe('alice');
  });

  test('of several the first signs, all are published and verify; none is made', async () => {
    const pems = ALGORITHMS.map(generatePrivateKey);
    await using world = await makeIdentity({ signingKeys: pems });
    expect((world.identity.jwks().keys as JWK[]).map(({ alg }) => alg)).toEqual(ALGORITHMS);
    for (const pem of pems) {
      await using other = await makeIdentity({ signingKeys: [pem] });
      const token = other.identity.signAssertion(claimsOf('alice'), null);
      expect((await world.verifyAssertion(token)).id).toBe('alice');
    }
    expect(decodeProtectedHeader(world.identity.signAssertion(claimsOf('alice'), null)).alg).toBe('ES256');
    using store = new DatabaseSync(`${world.stateDir}/store.sqlite`);
    expect(store.prepare('SELECT * FROM signing_keys').all()).toEqual([]);
  });

  test('may be SEC 1', async () => {
    using dir = tempDir();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await using identity = await open(dir.path, privateKey.export({ format: 'pem', type: 'sec1' }).toString());
    expect(kidsOf(identity)).toHaveLength(1);
  });

  const REFUSED: Record<string, () => string> = {
    nothing: () => '',
    'another curve': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export(EXPORT).toString(),
    'RSA of 1024 bits': () => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export(EXPORT).toString(),
    'RSA for PSS alone': () =>
      generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey.export(EXPORT).toString(),
    Ed448: () => generateKeyPairSync('ed448').privateKey.export(EXPORT).toString(),
    'a public key': () => generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    'half of a file': () => generatePrivateKey('ES256').slice(0, 100),
  };
  test.each(Object.entries(REFUSED))('may not be %s', async (_, write) => {
    using dir = tempDir();
    await expect(open(dir.path, generatePrivateKey('ES256'), write())).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: 'signing_key is not the PEM of a private key: P-256, RSA or Ed25519',
    });
  });
});

describe('a state folder of version 1', () => {
  const makeVersion1 = (stateDir: string): void => {
    mkdirSync(stateDir, { mode: 0o700 });
    writeFileSync(`${stateDir}/signing-key.pem`, generatePrivateKey('ES256'), { mode: 0o600 });
    writeFileSync(`${stateDir}/store.sqlite`, '', { mode: 0o600 });
    using store = new DatabaseSync(`${stateDir}/store.sqlite`);
    store.exec(`
      CREATE TABLE service_account_tokens (
        jti TEXT PRIMARY KEY, id TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER, revoked_at INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX service_account_tokens_by_id ON service_account_tokens (id);
      INSERT INTO service_account_tokens VALUES ('j', 'app', 1, NULL, 2);
      PRAGMA user_version = 1; PRAGMA journal_mode = WAL;`);
  };

  test('keeps its key and its records, and the key has one place', async () => {
    using dir = tempDir();
    const stateDir = `${dir.path}/state`;
    makeVersion1(stateDir);
    await using before = await open(`${dir.path}/other`, readPem(`${stateDir}/signing-key.pem`));
    await using identity = await open(stateDir);
    expect(kidsOf(identity)).toEqual(kidsOf(before));
    expect(existsSync(`${stateDir}/signing-key.pem`)).toBe(false);
    await using again = await open(stateDir);
    expect(kidsOf(again)).toEqual(kidsOf(before));
    using accounts = openServiceAccounts(stateDir, null);
    const record = { id: 'app', jti: 'j', created_at: 1, expires_at: null, revoked_at: 2, serves: [], carries: [] };
    expect(accounts.list()).toEqual([record]);
  });

  test.each([
    ['its key', (stateDir: string) => makeVersion1(stateDir)],
    ['a new key', () => {}],
  ])('with %s leaves no file of a key behind, though one came back', async (_, make) => {
    using dir = tempDir();
    const stateDir = `${dir.path}/state`;
    make(stateDir);
    const first = await open(stateDir);
    const kids = kidsOf(first);
    await first[Symbol.asyncDispose]();
    const path = `${stateDir}/signing-key.pem`;
    writeFileSync(path, generatePrivateKey('ES256'), { mode: 0o600 });
    {
      await using given = await open(stateDir, generatePrivateKey('ES256'));
      expect([kidsOf(given).length, existsSync(path)]).toEqual([1, true]);
    }
    await using again = await open(stateDir);
    expect(kidsOf(again)).toEqual(kids);
    expect(existsSync(path)).toBe(false);
  });

  test('is brought up to date once, whoever comes first', async () => {
    using dir = tempDir();
    const stateDir = `${dir.path}/state`;
    makeVersion1(stateDir);
    await using before = await open(`${dir.path}/other`, readPem(`${stateDir}/signing-key.pem`));
    const script = new URL('./support/open-in-process.ts', import.meta.url).pathname;
    const runs = Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, [script, stateDir]));
    const found = (await Promise.all(runs)).map(({ stdout }) => JSON.parse(stdout).jwks);
    expect(found).toEqual(Array(4).fill(before.jwks()));
  });

  test('keeps the file while keys are given', async () => {
    using dir = tempDir();
    const stateDir = `${dir.path}/state`;
    makeVersion1(stateDir);
    await using identity = await open(stateDir, generatePrivateKey('EdDSA'));
    expect(kidsOf(identity)).toHaveLength(1);
    expect(existsSync(`${stateDir}/signing-key.pem`)).toBe(true);
  });

  const aside = (path: string, put: (path: string) => void) => {
    renameSync(path, `${path}.moved`);
    put(path);
  };
  const flip = (path: string) => {
    const der = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' });
    der.writeUInt8(der.readUInt8(50) ^ 1, 50);
    const base64 = der.toString('base64').replaceAll(/.{64}/g, '$&\n');
    const pem = `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`;
    expect(() => createPrivateKey(pem)).not.toThrow();
    writeFileSync(path, pem);
  };
  const WRONG: Record<string, [harm: (path: string) => void, message: RegExp]> = {
    'open to the group': [(path) => chmodSync(path, 0o640), /mode 0640\): run chmod 600 "/],
    'a symbolic link': [(path) => aside(path, (at) => symlinkSync(`${path}.moved`, at)), /is not a file: move it away/],
    'a folder': [(path) => aside(path, (at) => mkdirSync(at)), /is not a file/],
    empty: [(path) => truncateSync(path), /is damaged: put a copy back/],
    'cut short': [(path) => truncateSync(path, 120), /is damaged/],
    'with a flipped bit that OpenSSL takes': [flip, /is damaged/],
    'of another user': [(path) => chownSync(path, 12_345, 0), /run chown 0 "/],
  };
  const isRoot = process.geteuid?.() === 0;
  test.each(Object.entries(WRONG).filter(([name]) => isRoot || name !== 'of another user'))(
    'is refused where its key is %s, and nothing is replaced',
    async (_, [harm, message]) => {
      using dir = tempDir();
      const stateDir = `${dir.path}/state`;
      makeVersion1(stateDir);
      harm(`${stateDir}/signing-key.pem`);
      await expect(open(stateDir)).rejects.toMatchObject({
        code: 'ERR_STATE_UNUSABLE',
        message: expect.stringMatching(message),
      });
      expect(existsSync(`${stateDir}/signing-key.pem`)).toBe(true);
      using store = new DatabaseSync(`${stateDir}/store.sqlite`);
      expect(store.prepare('SELECT * FROM signing_keys').all()).toEqual([]);
    },
  );
});

function readPem(path: string): string {
  return createPrivateKey(readFileSync(path)).export(EXPORT).toString();
}

describe('the keys of the store', () => {
  const sign = (identity: Identity, sub = 'alice') => identity.signAssertion(claimsOf(sub), null);

  test('come and go in an identity that is open', async () => {
    await using world = await makeIdentity({ signingKeys: [] });
    const { identity } = world;
    using keys = openStateKeys(world.stateDir);
    const old = sign(identity);
    const [first] = kidsOf(identity);
    const { kid: second } = keys.rotate({ alg: 'EdDSA', afterSeconds: 3600, maxAgeSeconds: 0 });
    await beSeen();
    expect(kidsOf(identity)).toEqual([first, second]);
    expect(kidOf(sign(identity))).toBe(first);

    const start = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: start + 3_600_000 });
    expect(kidsOf(identity)).toEqual([second, first]);
    expect(kidOf(sign(identity))).toBe(second);
    expect(decodeProtectedHeader(sign(identity)).alg).toBe('EdDSA');
    // Whole seconds: the end may be up to one earlier.
    vi.setSystemTime(start + 3_600_000 + 359_000);
    expect(kidsOf(identity)).toEqual([second, first]);
    vi.setSystemTime(start + 3_600_000 + 360_000);
    expect(kidsOf(identity)).toEqual([second]);
    await expect(world.verifyAssertion(old)).rejects.toMatchObject({ reason: 'signature' });
  });

  test('a retired key verifies until what it signed has ended, `original_user_max_age` included', async () => {
    await using world = await makeIdentity({ signingKeys: [] });
    using keys = openStateKeys(world.stateDir);
    const { session_id: sid } = await world.identity.identifyCaller({
      kind: 'service_account',
      token: world.serviceAccounts.create('app', null),
    });
    const old = world.identity.signAssertion(claimsOf('app', 'service_account', sid), null);
    keys.rotate({ ...soon, maxAgeSeconds: 7200 });
    await beSeen();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7_199_000 });
    expect(await world.verifyAssertion(old, 7200)).toMatchObject({ id: 'app', expired: true });
    vi.setSystemTime(Date.now() + 70_000);
    expect(kidsOf(world.identity)).toHaveLength(1);
  });

  test('one that is revoked is gone from the JWKS and verifies nothing, what was verified before included', async () => {
    await using world = await makeIdentity({ signingKeys: [] });
    const { identity } = world;
    using keys = openStateKeys(world.stateDir);
    const token = sign(identity);
    expect((await world.verifyAssertion(token)).id).toBe('alice');
    const [kid = ''] = kidsOf(identity);
    const successor = keys.revoke(kid, null);
    await beSeen();
    expect(kidsOf(identity)).toEqual([successor?.kid]);
    await expect(world.verifyAssertion(token)).rejects.toMatchObject({ reason: 'signature' });
    expect(kidOf(sign(identity))).toBe(successor?.kid);
    expect((await world.verifyAssertion(sign(identity))).id).toBe('alice');
  });

  test('a new one has the algorithm of the one that signs, unless told', async () => {
    await using world = await makeIdentity({ signingKeys: [] });
    using keys = openStateKeys(world.stateDir);
    expect(keys.rotate({ ...soon, alg: 'RS256' }).alg).toBe('RS256');
    expect(keys.rotate(soon).alg).toBe('RS256');
    const [{ kid = '' } = {}] = keys.list().filter(({ state }) => state === 'signing');
    expect(keys.revoke(kid, null)?.alg).toBe('RS256');
    expect(JSON.stringify(keys.list())).not.toContain('PRIVATE KEY');
  });

  test('an unknown KID is wrong usage, and changes nothing', () => {
    using dir = tempDir();
    using keys = openStateKeys(`${dir.path}/state`);
    const before = keys.list();
    expect(() => keys.revoke('none', null)).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE', message: 'no key has the KID "none"' }),
    );
    expect(keys.list()).toEqual(before);
  });

  test('a verifier that holds the JWKS for 60 s never fails, while keys rotate', async () => {
    // First of all: a store that looked at the real one would wait until this one, which begins at 0, has gone as far.
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    await using world = await makeIdentity({ signingKeys: [] });
    using keys = openStateKeys(world.stateDir);
    const start = Date.now();
    const rotations = new Map<number, Parameters<StateKeys['rotate']>[0]>([
      [100, { alg: null, afterSeconds: 3600, maxAgeSeconds: 0 }],
      [5000, { alg: 'EdDSA', afterSeconds: 60, maxAgeSeconds: 0 }],
      [5030, { alg: null, afterSeconds: 90, maxAgeSeconds: 0 }],
      [5600, { alg: 'RS256', afterSeconds: 120, maxAgeSeconds: 0 }],
    ]);
    const tokens: { readonly token: string; readonly at: number }[] = [];
    const used = new Set<string | undefined>();
    let held = { keys: createLocalJWKSet(world.identity.jwks() as JSONWebKeySet), at: 0 };
    for (let second = 0; second < 6600; second += 10) {
      vi.setSystemTime(start + second * 1000);
      vi.advanceTimersByTime(200);
      const rotation = rotations.get(second);
      if (rotation) keys.rotate(rotation);
      if (second - held.at >= 60)
        held = { keys: createLocalJWKSet(world.identity.jwks() as JSONWebKeySet), at: second };
      const token = sign(world.identity, `person-${second}`);
      used.add(kidOf(token));
      tokens.push({ token, at: second });
      // What was signed just now, and the oldest that has not ended.
      for (const { token: one } of [tokens.at(-1), tokens.find(({ at }) => at > second - 300)].filter(
        (it) => it !== undefined,
      )) {
        await expect(jwtVerify(one, held.keys, { currentDate: new Date() })).resolves.toBeDefined();
        await expect(world.verifyAssertion(one)).resolves.toBeDefined();
      }
    }
    expect(used.size).toBe(4);
  });

  const HARM: Record<string, [sql: string, message: RegExp]> = {
    'whose bytes were changed': [
      "UPDATE signing_keys SET pem = replace(pem, 'A', 'B')",
      /the signing key [\w-]+ in store.sqlite is damaged/,
    ],
    'under the kid of another': [
      "UPDATE signing_keys SET kid = 'other'",
      /the signing key other in store.sqlite is damaged/,
    ],
    'with the algorithm of another': ["UPDATE signing_keys SET alg = 'RS256'", /is damaged/],
    'in a table that is gone': ['DROP TABLE signing_keys', /no such table/],
    'of which none signs yet': ['UPDATE signing_keys SET signs_from = 9e9', /has no key that signs at this time/],
  };
  test.each(Object.entries(HARM))('a key %s is no key', async (_, [sql, message]) => {
    await using world = await makeIdentity({ signingKeys: [] });
    const token = sign(world.identity);
    expect((await world.verifyAssertion(token)).id).toBe('alice');
    {
      using store = new DatabaseSync(`${world.stateDir}/store.sqlite`);
      store.exec(sql);
    }
    await beSeen();
    const unusable = { code: 'ERR_STATE_UNUSABLE', message: expect.stringMatching(message) };
    expect(() => sign(world.identity)).toThrow(expect.objectContaining(unusable));
    await expect(openIdentity({ ...OPTIONS, stateDir: world.stateDir })).rejects.toMatchObject(unusable);
  });
});
