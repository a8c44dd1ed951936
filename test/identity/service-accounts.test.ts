import { hkdfSync } from 'node:crypto';
import { copyFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deriveKey } from '../../src/identity/derive-key.ts';
import type { CredentialFault } from '../../src/identity/identity-errors.ts';
import { openServiceAccounts } from '../../src/identity/open-service-accounts.ts';
import { signServiceAccountToken } from '../../src/identity/sign-service-account-token.ts';
import { ecdsa, forge, hmac } from './support/forge.ts';
import { holdClock } from './support/hold-clock.ts';
import { beSeen, claimsOf, makeIdentity, nowSeconds, SECRET, type World } from './support/make-identity.ts';

holdClock();
let world: World;
beforeEach(async () => {
  world = await makeIdentity();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const identify = (token: string) => world.identity.identifyCaller({ kind: 'service_account', token });
function faultOf(token: string): Promise<string | null> {
  return identify(token).then(
    () => null,
    (error) => (error.code === 'ERR_CREDENTIAL_INVALID' ? error.reason : error.code),
  );
}
const key = Buffer.from(hkdfSync('sha256', SECRET, '', 'behalf/v1/service-account', 32));
const HEADER = { alg: 'HS256', typ: 'behalf-service-account+jwt' };

describe('create', () => {
  test('makes a token that names its caller', async () => {
    const token = world.serviceAccounts.create('api-access', 3600);
    expect(decodeProtectedHeader(token)).toEqual(HEADER);
    const { jti, sub, iat, exp } = decodeJwt(token);
    expect(Number(exp) - Number(iat)).toBe(3600);
    expect(await identify(token)).toEqual({
      type: 'service_account',
      id: 'api-access',
      email: '',
      name: '',
      groups: [],
      claims: {},
      session_id: jti,
      expires_at: exp,
    });
    expect(sub).toBe('api-access');
  });

  test('without an end makes one without exp', async () => {
    const token = world.serviceAccounts.create('api-access', null);
    expect(decodeJwt(token)).not.toHaveProperty('exp');
    expect((await identify(token)).expires_at).toBeNull();
  });

  test('again makes a further one', async () => {
    const tokens = [world.serviceAccounts.create('app', 60), world.serviceAccounts.create('app', 60)];
    expect(await Promise.all(tokens.map(faultOf))).toEqual([null, null]);
    expect(world.serviceAccounts.list()).toHaveLength(2);
  });

  test.each(['a', 'api-access', 'bob@companydomain.com', '0.a_b-c', 'x'.repeat(128)])('takes the ID %j', async (id) => {
    expect((await identify(world.serviceAccounts.create(id, 60))).id).toBe(id);
  });

  test.each(['', ' ', 'a b', '-rf', '.', '@x', 'é', 'a\n', 'a/b', 'a\0', 'x'.repeat(129)])(
    'refuses the ID %j',
    (id) => {
      expect(() => world.serviceAccounts.create(id, 60)).toThrow(
        expect.objectContaining({
          code: 'ERR_USAGE',
          message: expect.stringContaining(`${JSON.stringify(id)} is no service account ID`),
        }),
      );
      expect(world.serviceAccounts.list()).toEqual([]);
    },
  );
});

describe('list', () => {
  test('shows each token that was ever made, and none itself', () => {
    const { serviceAccounts } = world;
    const token = serviceAccounts.create('b', 60);
    serviceAccounts.create('a', null);
    serviceAccounts.revoke({ id: 'b' });
    const [first, second] = serviceAccounts.list();
    const time = expect.closeTo(nowSeconds(), -1);
    const { jti, exp } = decodeJwt(token);
    const anyRoute = { serves: [], carries: [] };
    expect(first).toEqual({
      id: 'a',
      jti: expect.any(String),
      created_at: time,
      expires_at: null,
      revoked_at: null,
      ...anyRoute,
    });
    expect(second).toEqual({ id: 'b', jti, created_at: time, expires_at: exp, revoked_at: time, ...anyRoute });
    expect(JSON.stringify(serviceAccounts.list())).not.toContain(token.split('.')[2]);
  });
});

describe('revoke', () => {
  test('by id ends all of its tokens at once, and no others', async () => {
    const { serviceAccounts } = world;
    const [one, two, other] = [
      serviceAccounts.create('app', 60),
      serviceAccounts.create('app', null),
      serviceAccounts.create('app2', null),
    ];
    serviceAccounts.revoke({ id: 'app' });
    await beSeen();
    expect(await Promise.all([one, two, other].map(faultOf))).toEqual(['revoked', 'revoked', null]);
  });

  test('by jti ends one', async () => {
    const { serviceAccounts } = world;
    const [one, two] = [serviceAccounts.create('app', 60), serviceAccounts.create('app', 60)];
    serviceAccounts.revoke({ jti: String(decodeJwt(one).jti) });
    await beSeen();
    expect(await Promise.all([one, two].map(faultOf))).toEqual(['revoked', null]);
  });

  test('by both ends one only if it is of that id', async () => {
    const { serviceAccounts } = world;
    const token = serviceAccounts.create('app', 60);
    const jti = String(decodeJwt(token).jti);
    expect(() => serviceAccounts.revoke({ id: 'other', jti })).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
    expect(await faultOf(token)).toBeNull();
    serviceAccounts.revoke({ id: 'app', jti });
    await beSeen();
    expect(await faultOf(token)).toBe('revoked');
  });

  test('again keeps the first time', () => {
    const { serviceAccounts } = world;
    serviceAccounts.create('app', 60);
    serviceAccounts.revoke({ id: 'app' });
    const before = serviceAccounts.list();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    serviceAccounts.revoke({ id: 'app' });
    expect(serviceAccounts.list()).toEqual(before);
  });

  test('of what was never there says so', () => {
    expect(() => world.serviceAccounts.revoke({ id: 'ap' })).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE', message: 'no token has the ID "ap"' }),
    );
  });

  test('of nothing is wrong usage, and ends nothing', async () => {
    const token = world.serviceAccounts.create('app', 60);
    expect(() => world.serviceAccounts.revoke({} as { id: string })).toThrow(TypeError);
    expect(await faultOf(token)).toBeNull();
  });

  test('by another process is seen within 100 ms', async () => {
    const token = world.serviceAccounts.create('app', 60);
    expect(await faultOf(token)).toBeNull();
    {
      using other = openServiceAccounts(world.stateDir, SECRET);
      other.revoke({ id: 'app' });
    }
    await beSeen();
    expect(await faultOf(token)).toBe('revoked');
  });

  test('waits for nobody who reads, and no reader waits for it', async () => {
    const token = world.serviceAccounts.create('app', 60);
    using writer = new DatabaseSync(`${world.stateDir}/store.sqlite`);
    writer.exec('BEGIN IMMEDIATE; UPDATE service_account_tokens SET revoked_at = 1');
    expect(await faultOf(token)).toBeNull();
    writer.exec('COMMIT');
    await beSeen();
    expect(await faultOf(token)).toBe('revoked');
  });
});

describe('a token', () => {
  const claims = (changes: object = {}) => {
    const record = { id: 'app', jti: 'known', created_at: nowSeconds(), expires_at: null, revoked_at: null };
    using store = new DatabaseSync(`${world.stateDir}/store.sqlite`);
    store
      .prepare(
        "INSERT OR IGNORE INTO service_account_tokens VALUES (:jti, :id, :created_at, :expires_at, :revoked_at, '[]', '[]')",
      )
      .run(record);
    return { jti: 'known', sub: 'app', iat: nowSeconds(), ...changes };
  };

  const TAKEN: Record<string, () => string> = {
    'as we write it': () => forge(HEADER, claims(), hmac(key)),
    'that ends later': () => forge(HEADER, claims({ exp: nowSeconds() + 60 }), hmac(key)),
  };
  test.each(Object.entries(TAKEN))('%s is taken', async (_, token) => {
    expect(await faultOf(token())).toBeNull();
  });

  const LIES: Record<string, [reason: CredentialFault, token: () => string]> = {
    'that is empty': ['malformed', () => ''],
    'with a claim twice': ['malformed', () => forge(HEADER, '{"jti":"known","jti":"known","sub":"app"}', hmac(key))],
    'of more than 2 KiB': ['malformed', () => forge(HEADER, claims({ pad: 'x'.repeat(2048) }), hmac(key))],
    'signed with the shared secret itself': ['forged', () => forge(HEADER, claims(), hmac(SECRET))],
    'signed with an empty key': ['forged', () => forge(HEADER, claims(), hmac(''))],
    'signed with a key for another purpose': [
      'forged',
      () => forge(HEADER, claims(), hmac(Buffer.from(hkdfSync('sha256', SECRET, '', 'behalf/v1/session', 32)))),
    ],
    'with the signature cut': ['forged', () => forge(HEADER, claims(), (input) => hmac(key)(input).subarray(0, 31))],
    'of alg none': ['forged', () => forge({ ...HEADER, alg: 'none' }, claims(), hmac(key))],
    'of alg HS512': ['forged', () => forge({ ...HEADER, alg: 'HS512' }, claims(), hmac(key))],
    'with typ JWT, as Pomerium has': ['forged', () => forge({ alg: 'HS256', typ: 'JWT' }, claims(), hmac(key))],
    'without typ': ['forged', () => forge({ alg: 'HS256' }, claims(), hmac(key))],
    'with a header more': ['forged', () => forge({ ...HEADER, kid: 'x' }, claims(), hmac(key))],
    'signed with the assertion key': [
      'forged',
      () => forge({ ...HEADER, alg: 'ES256' }, claims(), ecdsa(world.privateKey)),
    ],
    'without jti': ['malformed', () => forge(HEADER, claims({ jti: undefined }), hmac(key))],
    'with a jti that is a list': ['malformed', () => forge(HEADER, claims({ jti: ['known'] }), hmac(key))],
    'without sub': ['malformed', () => forge(HEADER, claims({ sub: undefined }), hmac(key))],
    'with exp as text': ['malformed', () => forge(HEADER, claims({ exp: '9999999999' }), hmac(key))],
    'with an endless exp': [
      'malformed',
      () => forge(HEADER, JSON.stringify(claims({ exp: 1 })).replace('"exp":1', '"exp":1e999'), hmac(key)),
    ],
    'that the store never saw': ['unknown', () => forge(HEADER, claims({ jti: 'unknown' }), hmac(key))],
    "of another's record": ['unknown', () => forge(HEADER, claims({ sub: 'admin' }), hmac(key))],
    'that has ended, while its record has not': [
      'expired',
      () => forge(HEADER, claims({ exp: nowSeconds() }), hmac(key)),
    ],
  };
  test.each(Object.entries(LIES))('%s is refused', async (_, [reason, token]) => {
    expect(await faultOf(token())).toBe(reason);
  });

  test('ends with its record, though it says nothing of it', async () => {
    const record = {
      id: 'app',
      jti: 'j',
      created_at: nowSeconds(),
      expires_at: null,
      revoked_at: null,
      serves: [],
      carries: [],
    };
    const token = signServiceAccountToken(record, deriveKey(SECRET, 'serviceAccount'));
    using store = new DatabaseSync(`${world.stateDir}/store.sqlite`);
    const insert = store.prepare("INSERT INTO service_account_tokens VALUES ('j', 'app', 1, ?, NULL, '[]', '[]')");
    insert.run(nowSeconds() + 60);
    expect((await identify(token)).expires_at).toBeLessThanOrEqual(nowSeconds() + 60);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    expect(await faultOf(token)).toBe('expired');
  });

  test('is taken until the second in which it ends', async () => {
    const token = world.serviceAccounts.create('app', 60);
    const end = Number(decodeJwt(token).exp) * 1000;
    vi.useFakeTimers({ toFake: ['Date'], now: end - 1 });
    expect(await faultOf(token)).toBeNull();
    vi.setSystemTime(end);
    expect(await faultOf(token)).toBe('expired');
  });
});

describe('a store that cannot be read is never "not revoked"', () => {
  const HARM: Record<string, [harm: (path: string) => void, message: RegExp]> = {
    removed: [(path) => rmSync(path), /ENOENT/],
    'replaced by an earlier copy': [
      (path) => {
        copyFileSync(path, `${path}.copy`);
        renameSync(`${path}.copy`, path);
      },
      /was replaced while in use: restart/,
    ],
    'overwritten with what is no database': [
      (path) => {
        {
          using database = new DatabaseSync(path);
          database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        }
        writeFileSync(path, Buffer.alloc(statSync(path).size, 7));
      },
      /malformed|not a database/,
    ],
    emptied: [(path) => truncateSync(path), /was replaced while in use/],
    'migrated by a newer program': [
      (path) => {
        using database = new DatabaseSync(path);
        database.exec('PRAGMA user_version = 3');
      },
      /its schema is version 3, not 2/,
    ],
    'robbed of its table': [
      (path) => {
        using database = new DatabaseSync(path);
        database.exec('DROP TABLE service_account_tokens');
      },
      /no such table/,
    ],
  };
  test.each(Object.entries(HARM))('%s', async (_, [harm, message]) => {
    const { identity, serviceAccounts, stateDir } = world;
    const token = serviceAccounts.create('app', 60);
    const assertion = identity.signAssertion(claimsOf('alice'), null);
    expect([await faultOf(token), (await world.verifyAssertion(assertion)).id]).toEqual([null, 'alice']);
    harm(`${stateDir}/store.sqlite`);
    await beSeen();
    const unusable = { code: 'ERR_STATE_UNUSABLE', message: expect.stringMatching(message) };
    await expect(identify(token)).rejects.toMatchObject(unusable);
    await expect(world.verifyAssertion(assertion)).rejects.toMatchObject(unusable);
  });

  test('closed', async () => {
    const token = world.serviceAccounts.create('app', 60);
    await world.identity[Symbol.asyncDispose]();
    await expect(identify(token)).rejects.toMatchObject({ code: 'ERR_STATE_UNUSABLE' });
    world = await makeIdentity();
  });
});
