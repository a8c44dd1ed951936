import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Config, Criterion, Located, Policy } from '../../src/config/config.ts';
import { GLOBAL_KEYS, ROUTE_KEYS } from '../../src/config/keys.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { POMERIUM_GLOBAL_KEYS, POMERIUM_ROUTE_KEYS } from '../../src/config/pomerium-keys.ts';
import { writeProblem } from '../../src/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'behalf-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FULL = readFileSync(join(import.meta.dirname, 'full.yaml'), 'utf8');
const SECRET = Buffer.alloc(32, 7);
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const PKCS8 = privateKey.export({ type: 'pkcs8', format: 'pem' });
const SEC1 = privateKey.export({ type: 'sec1', format: 'pem' });

test('a file with every key', async () => {
  const file = join(folder, 'behalf.yaml');
  writeFileSync(file, FULL);
  writeFileSync(join(folder, 'shared-secret'), `${SECRET.toString('base64')}\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'signing-key'), SEC1, { mode: 0o600 });

  const { config, warnings } = await loadConfig(file);

  const at = (line: number, column: number) => ({ file, line, column });
  const scalar = (value: string | number | boolean, line: number, column: number): Located => ({
    kind: 'scalar',
    value,
    position: at(line, column),
  });
  const is = (name: string, value: string, line: number, column: number): Criterion => ({
    name,
    subpath: null,
    data: {
      kind: 'map',
      entries: [{ key: 'is', keyPosition: at(line, column), value: scalar(value, line, column) }],
      position: at(line, column),
    },
    position: at(line, column),
  });
  const claim = (subpath: string, value: string | number, line: number, column: number): Criterion => ({
    name: 'claim',
    subpath,
    data: scalar(value, line, column),
    position: at(line, column),
  });
  const flag = (name: string, line: number, column: number, keyColumn: number): Policy['rules'][number] => {
    const position = at(line, keyColumn);
    const criteria = [{ name, subpath: null, data: scalar(true, line, column), position }];
    return { action: 'allow', blocks: [{ operator: 'or', criteria, position }], position };
  };
  const app: Config['routes'][number] = {
    id: 'r0',
    name: 'App',
    from: { scheme: 'https', host: 'app.example.com' },
    to: [new URL('http://10.0.0.1:8080/base'), new URL('http://10.0.0.2:8080/base')],
    path: { kind: 'prefix', value: '/app' },
    prefixRewrite: '/base',
    preserveHostHeader: true,
    passIdentityHeaders: true,
    policy: {
      rules: [
        {
          action: 'allow',
          position: at(25, 5),
          blocks: [
            {
              operator: 'or',
              position: at(25, 5),
              criteria: [
                ...(flag('cors_preflight', 25, 27, 5).blocks[0]?.criteria ?? []),
                is('domain', 'a.example.com', 23, 23),
                claim('address.country', 'SE', 24, 58),
                claim('address.country', 5, 24, 62),
                claim('level', 3, 24, 34),
                is('user', 'ops', 22, 21),
                is('email', 'ops', 22, 21),
              ],
            },
          ],
        },
        {
          action: 'allow',
          position: at(30, 9),
          blocks: [
            {
              operator: 'not',
              position: at(32, 11),
              criteria: [
                {
                  name: 'claim',
                  subpath: 'https://example.com/roles',
                  data: {
                    kind: 'map',
                    entries: [{ key: 'has', keyPosition: at(33, 50), value: scalar('admin', 33, 55) }],
                    position: at(33, 48),
                  },
                  position: at(33, 15),
                },
              ],
            },
          ],
        },
        {
          action: 'deny',
          position: at(27, 9),
          blocks: [
            { operator: 'and', position: at(29, 11), criteria: [] },
            {
              operator: 'nor',
              position: at(28, 11),
              criteria: [
                {
                  name: 'http_method',
                  subpath: null,
                  data: {
                    kind: 'map',
                    entries: [
                      {
                        key: 'in',
                        keyPosition: at(28, 32),
                        value: {
                          kind: 'list',
                          items: [scalar('GET', 28, 37), scalar('HEAD', 28, 42)],
                          position: at(28, 36),
                        },
                      },
                    ],
                    position: at(28, 30),
                  },
                  position: at(28, 17),
                },
              ],
            },
          ],
        },
      ],
    },
    timeoutMs: 90_000,
    position: at(16, 5),
  };
  expect(config).toEqual({
    file,
    address: { host: '::1', port: 8080 },
    sharedSecret: new Uint8Array(SECRET),
    signingKey: PKCS8,
    stateDir: join(folder, 'state'),
    provider: { issuer: 'https://id.example.com/realm/', clientId: 'behalf', clientSecret: 'hush' },
    bearerTokenFormat: 'idp_identity_token',
    routes: [
      app,
      {
        ...app,
        id: 'r1',
        name: 'Other',
        from: { scheme: 'http', host: '*.xn--bcher-kva.example' },
        path: { kind: 'prefix', value: '/other' },
        prefixRewrite: '/',
        passIdentityHeaders: false,
        position: at(34, 5),
      },
      {
        id: 'r2',
        name: 'public.example.com/exact',
        from: { scheme: 'https', host: 'public.example.com' },
        to: [new URL('https://10.0.0.3')],
        path: { kind: 'path', value: '/exact' },
        prefixRewrite: null,
        preserveHostHeader: false,
        passIdentityHeaders: true,
        policy: { rules: [flag('accept', 44, 42, 5)] },
        timeoutMs: 0,
        position: at(40, 5),
      },
      {
        id: 'r3',
        name: 'public.example.com/[a-z]+',
        from: { scheme: 'https', host: 'public.example.com' },
        to: [new URL('https://10.0.0.3')],
        path: { kind: 'regex', value: '/[a-z]+' },
        prefixRewrite: null,
        preserveHostHeader: false,
        passIdentityHeaders: true,
        policy: { rules: [flag('authenticated_user', 48, 35, 5)] },
        timeoutMs: 30_000,
        position: at(45, 5),
      },
    ],
  } satisfies Config);
  expect(warnings).toEqual([]);
});

test('a file with nothing but what must be there', () => {
  expect(parseConfig('insecure_server: true\nroutes: []\n', '/etc/behalf/behalf.yaml')).toEqual({
    config: {
      file: '/etc/behalf/behalf.yaml',
      address: { host: '', port: 443 },
      sharedSecret: null,
      signingKey: null,
      stateDir: '/etc/behalf/.behalf',
      provider: null,
      bearerTokenFormat: 'default',
      routes: [],
    },
    warnings: [],
  });
});

/** A configuration with these global lines and this route beside `from`, `to` and its right to pass. */
const load = (global: string, ...routes: string[]): ReturnType<typeof parseConfig> =>
  parseConfig(
    ['insecure_server: true', global, 'routes:', ...routes.map((route) => `- {${route}}`), ''].join('\n'),
    'b.yaml',
  );
const PASS = 'from: https://a.example.com, to: https://x, allow_any_authenticated_user: true';

describe('values that are taken', () => {
  const addresses: Record<string, Config['address']> = {
    ':443': { host: '', port: 443 },
    '127.0.0.1:0': { host: '127.0.0.1', port: 0 },
    'localhost:65535': { host: 'localhost', port: 65_535 },
    "'[::]:80'": { host: '::', port: 80 },
  };
  test.each(Object.entries(addresses))('address: %s', (text, address) => {
    expect(load(`address: ${text}`, PASS).config.address).toEqual(address);
  });

  const durations: Record<string, number> = {
    '0': 0,
    "'0'": 0,
    '0s': 0,
    '30s': 30_000,
    '1m30s': 90_000,
    '1.5h': 5_400_000,
    '.5s': 500,
    '250ms': 250,
    '1ns': 1,
    '2µs': 1,
    '596h': 2_145_600_000,
  };
  test.each(Object.entries(durations))('timeout: %s', (text, milliseconds) => {
    expect(load('', `${PASS}, timeout: ${text}`).config.routes[0]?.timeoutMs).toBe(milliseconds);
  });

  const hosts: Record<string, string> = {
    'https://App.Example.COM': 'app.example.com',
    'https://app.example.com.:8443/': 'app.example.com',
    'http://*.example.com': '*.example.com',
    'https://*': '*',
    'https://bücher.example': 'xn--bcher-kva.example',
    'https://[::1]:8443': '[::1]',
    'HTTPS://a': 'a',
  };
  test.each(Object.entries(hosts))('from: %s', (from, host) => {
    const [route] = load('', `from: '${from}', to: https://x, allowed_users: [a]`).config.routes;
    expect(route?.from.host).toBe(host);
  });

  const issuers = ['https://id.example.com', 'http://localhost:1', 'http://127.1.2.3/realm/', 'http://[::1]:1'];
  test.each(issuers)('idp_provider_url: %s', (issuer) => {
    const { config } = load(`idp_provider: oidc\nidp_provider_url: ${issuer}\nidp_client_id: x`, PASS);
    expect(config.provider).toEqual({ issuer, clientId: 'x', clientSecret: null });
  });

  const keys: Record<string, string> = {
    'PKCS #8': PKCS8,
    'SEC 1': SEC1,
    'with the parameters that openssl writes': `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${SEC1}`,
    'base64 of PEM': Buffer.from(SEC1).toString('base64'),
  };
  test.each(Object.entries(keys))('signing_key: %s', (_, pem) => {
    expect(load(`signing_key: ${JSON.stringify(pem)}`, PASS).config.signingKey).toBe(PKCS8);
  });
});

describe('signing keys that are not taken', () => {
  const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
  const other = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const encrypted = privateKey.export({ ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'x' });
  const old = privateKey.export({ type: 'sec1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });
  const form = 'must be a P-256 private key as PEM, or as base64 of PEM; found a string';
  const keys: Record<string, [pem: string, why: string]> = {
    'another curve': [other.privateKey.export(pkcs8), 'must be a key for the curve P-256 (prime256v1)'],
    RSA: [rsa.privateKey.export(pkcs8), 'must be a key for the curve P-256 (prime256v1)'],
    'a public key': [other.publicKey.export({ type: 'spki', format: 'pem' }), form],
    'two keys': [PKCS8 + SEC1, 'must hold one key and nothing else'],
    encrypted: [encrypted.toString(), 'must be a key that is not encrypted'],
    'encrypted as SEC 1': [old.toString(), 'must be a key that is not encrypted'],
    'a broken key': [PKCS8.replaceAll('M', 'N'), form],
  };
  test.each(Object.entries(keys))('%s', (_, [pem, why]) => {
    expect(() => load(`signing_key: ${JSON.stringify(pem)}`, PASS)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: `b.yaml:2:14: "signing_key" ${why}` }),
    );
  });
});

describe('warnings', () => {
  const shadowed = 'no request comes here: the route on line 4 takes all of them, and the first that matches serves';
  const nothing = 'this route allows nothing: every request to it is answered with 403';
  const cases: Record<string, [routes: string[], ...warnings: string[]]> = {
    'a route without a policy': [['from: https://a, to: https://x'], `4:3: warning: ${nothing}`],
    'a route that only denies': [
      ['from: https://a, to: https://x, policy: {deny: {or: [accept: 1]}, allow: {or: []}}'],
      `4:3: warning: ${nothing}`,
    ],
    'a flag that is off': [['from: https://a, to: https://x, cors_allow_preflight: false'], `4:3: warning: ${nothing}`],
    'the same host and path, another port and scheme': [
      [PASS, PASS.replace('https://a.example.com', 'http://A.example.com:8080')],
      `5:3: warning: ${shadowed}`,
    ],
    'a prefix before a longer one': [[`${PASS}, prefix: /a`, `${PASS}, prefix: /ab`], `5:3: warning: ${shadowed}`],
    'a prefix before a path': [[`${PASS}, prefix: /a`, `${PASS}, path: /a`], `5:3: warning: ${shadowed}`],
    'everything before a regex': [[PASS, `${PASS}, regex: /a`], `5:3: warning: ${shadowed}`],
    'the same regex': [[`${PASS}, regex: /a`, `${PASS}, regex: /a`], `5:3: warning: ${shadowed}`],
    'a longer prefix before a prefix': [[`${PASS}, prefix: /ab`, `${PASS}, prefix: /a`]],
    'a path before its prefix': [[`${PASS}, path: /a`, `${PASS}, prefix: /a`]],
    'a prefix before a regex': [[`${PASS}, prefix: /a`, `${PASS}, regex: /a`]],
    'a path that the proxy answers': [
      [`${PASS}, path: /healthz`],
      '4:3: warning: no request comes here: the proxy itself answers /healthz on every host',
    ],
    'a prefix under which the proxy answers': [
      [`${PASS}, prefix: /.pomerium`],
      '4:3: warning: no request comes here: the proxy itself answers /.pomerium on every host',
    ],
    'a prefix that begins like a path of the proxy': [[`${PASS}, prefix: /ping`, `${PASS}, path: /.pomeriums`]],
    'another host': [[PASS, PASS.replace('a.example.com', '*.example.com')]],
  };
  test.each(Object.entries(cases))('%s', (_, [routes, ...warnings]) => {
    expect(load('', ...routes).warnings.map(writeProblem)).toEqual(warnings.map((line) => `b.yaml:${line}`));
  });
});

test('a provider with whose tokens nobody can sign in is warned about', () => {
  const provider = 'idp_provider: oidc\nidp_provider_url: https://id.example.com\nidp_client_id: x\n';
  const { warnings } = parseConfig(`insecure_server: true\nroutes: []\n${provider}`, 'b.yaml');
  expect(warnings.map(writeProblem)).toEqual([
    'b.yaml:3:15: warning: nobody can sign in with the provider: write "bearer_token_format: idp_identity_token", until Behalf has sign-in with a browser',
  ]);
});

test('a secret that others may read is warned about', () => {
  const read = () => ({ text: PKCS8, isShared: true });
  const { warnings } = parseConfig('insecure_server: true\nroutes: []\nsigning_key_file: key\n', 'b.yaml', read);
  expect(warnings.map(writeProblem)).toEqual([
    'b.yaml:3:19: warning: "signing_key_file" names a file that other users may read or write',
  ]);
});

test('no two routes answer to one name: a name that is not written gives way', () => {
  const { config } = load('', `${PASS}, prefix: /a`, `${PASS}, path: /a`, `${PASS}, name: API`);
  expect(config.routes.map(({ name }) => name)).toEqual(['a.example.com/a', 'r1', 'API']);
});

test('a byte order mark and CRLF change nothing', () => {
  const read = (path: string) => ({
    text: path.endsWith('secret') ? SECRET.toString('base64') : PKCS8,
    isShared: false,
  });
  expect(parseConfig(`\uFEFF${FULL.replaceAll('\n', '\r\n')}`, 'b.yaml', read)).toEqual(
    parseConfig(FULL, 'b.yaml', read),
  );
});

test('a map keeps its own keys against merged ones, and the first merged against later ones', () => {
  const base = (path: string) => `{${PASS}, prefix: ${path}}`;
  const text = `insecure_server: true\nroutes:\n- &a ${base('/a')}\n- &b ${base('/b')}\n- {<<: [*b, *a], from: https://b}\n- {from: https://c, prefix: /c, <<: *a}\n`;
  expect(parseConfig(text, 'b.yaml').config.routes.map(({ from, path }) => from.host + path.value)).toEqual([
    'a.example.com/a',
    'a.example.com/b',
    'b/b',
    'c/c',
  ]);
});

describe('files that cannot be read', () => {
  const unreadable: Record<string, [content: Uint8Array | null, why: string]> = {
    missing: [null, 'no such file or directory (ENOENT)'],
    large: [Buffer.alloc(4 * 1024 * 1024 + 1, ' '), 'it is larger than 4194304 bytes'],
    'utf-16': [Buffer.from('\uFEFFaddress: x', 'utf16le'), 'it is not UTF-8'],
  };
  test.each(Object.entries(unreadable))('%s', async (name, [content, why]) => {
    const file = join(folder, name);
    if (content !== null) writeFileSync(file, content);
    await expect(loadConfig(file)).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: `${file}:1:1: cannot be read: ${why}`,
    });
  });

  test('a folder, and a secret that is one', async () => {
    const file = join(folder, 'secret-is-folder.yaml');
    mkdirSync(join(folder, 'nested'));
    writeFileSync(file, 'insecure_server: true\nroutes: []\nshared_secret_file: nested\n');
    const why = 'cannot be read: illegal operation on a directory (EISDIR)';
    await expect(loadConfig(folder)).rejects.toMatchObject({ message: `${folder}:1:1: ${why}` });
    await expect(loadConfig(file)).rejects.toMatchObject({ message: `${file}:3:21: "shared_secret_file" ${why}` });
  });
});

describe('the tables of keys', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');

  test.each([...Object.keys(GLOBAL_KEYS), ...Object.keys(ROUTE_KEYS)])('%s is in docs/configuration.md', (key) => {
    expect(docs).toContain(`\`${key}\``);
  });

  test("no key of Behalf's is said to be missing", () => {
    expect(Object.keys(GLOBAL_KEYS).filter((key) => POMERIUM_GLOBAL_KEYS.has(key))).toEqual([]);
    expect(Object.keys(ROUTE_KEYS).filter((key) => POMERIUM_ROUTE_KEYS.has(key))).toEqual([]);
  });
});
