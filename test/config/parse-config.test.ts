import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { VARIABLES } from '../../src/config/apply-environment.ts';
import type { Config, Criterion, Located, Policy, Provider, Redirect, Route } from '../../src/config/config.ts';
import { GLOBAL_KEYS, ROUTE_KEYS } from '../../src/config/keys.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { POMERIUM_GLOBAL_KEYS, POMERIUM_ROUTE_KEYS } from '../../src/config/pomerium-keys.ts';
import { writeProblem } from '../../src/errors.ts';
import { makeCertificate } from '../support/make-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'behalf-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FULL = readFileSync(join(import.meta.dirname, 'full.yaml'), 'utf8');
const SECRET = Buffer.alloc(32, 7);
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const PKCS8 = privateKey.export({ type: 'pkcs8', format: 'pem' });
const SEC1 = privateKey.export({ type: 'sec1', format: 'pem' });
const ED25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
const { certificate: CERTIFICATE, key: CERTIFICATE_KEY } = await makeCertificate('a.example.com');
const PNG = Buffer.from('89504e470d0a1a0a00ff', 'hex');
const JWKS = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'a' }] };

test('a file with every key', async () => {
  const file = join(folder, 'behalf.yaml');
  writeFileSync(file, FULL);
  writeFileSync(join(folder, 'shared-secret'), `${SECRET.toString('base64')}\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'signing-key'), SEC1 + ED25519, { mode: 0o600 });
  writeFileSync(join(folder, 'certificate'), CERTIFICATE, { mode: 0o644 });
  writeFileSync(join(folder, 'certificate-key'), CERTIFICATE_KEY, { mode: 0o600 });
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify(JWKS), { mode: 0o644 });
  writeFileSync(join(folder, 'logo.png'), PNG);

  const { config, warnings } = await loadConfig(file, {});

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
  const text = (name: string, value: string) => ({ name, parts: [{ kind: 'text' as const, text: value }] });
  const defaults = {
    redirect: null,
    hostRewrite: null,
    upgradeTimeoutMs: 0,
    idleTimeoutMs: 300_000,
    allowWebsockets: false,
    issuerFormat: 'uri' as const,
    setRequestHeaders: [text('x-team', 'red'), text('x-zone', 'inner')],
    removeRequestHeaders: ['x-trace'],
    setResponseHeaders: [text('x-frame-options', 'SAMEORIGIN'), text('x-xss-protection', '0')],
    rewriteResponseHeaders: [{ name: 'location', prefix: 'http://10.0.0.9/', value: '/' }],
    groupsFilter: ['eng'],
    namesGroupsOfPolicy: true,
    tls: { customCa: null, skipVerify: false, serverName: null },
    originalUserMaxAgeSeconds: 900,
    allowedOrigins: [],
  };
  const app: Config['routes'][number] = {
    ...defaults,
    id: 'r1',
    name: 'App',
    from: { scheme: 'https', host: 'app.example.com', port: '' },
    to: [new URL('http://10.0.0.1:8080/base'), new URL('http://10.0.0.2:8080/base')],
    path: { kind: 'prefix', value: '/app' },
    prefixRewrite: '/base',
    preserveHostHeader: true,
    passIdentityHeaders: true,
    policy: {
      rego: [],
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
    upgradeTimeoutMs: 90_000,
    position: at(16, 5),
  };
  expect(config).toEqual({
    file,
    address: { host: '::1', port: 8080 },
    sharedSecret: new Uint8Array(SECRET),
    certificate: { chain: CERTIFICATE, key: CERTIFICATE_KEY },
    authenticateServiceUrl: new URL('https://authenticate.example.com'),
    signingKeys: [PKCS8, ED25519],
    stateDir: join(folder, 'state'),
    session: {
      cookieName: 'session',
      cookieDomain: null,
      sameSite: 'strict',
      lifetimeSeconds: 8 * 3_600,
      outageGraceSeconds: 300,
    },
    branding: { name: 'House of Ada', logo: `data:image/png;base64,${PNG.toString('base64')}`, color: '#00aaff' },
    signedOutUrl: new URL('https://www.example.com/bye?from=app#end'),
    provider: {
      issuer: 'https://id.example.com/realm/',
      clientId: 'behalf',
      clientSecret: 'hush',
      scopes: ['openid', 'email', 'roles'],
      requestParams: { prompt: 'login', max_age: '3600' },
      groupsClaim: 'roles',
      signedOutParam: 'post_logout_redirect_uri',
    },
    bearerTokenFormat: 'idp_access_token',
    accessTokenAudiences: ['api'],
    trustedIssuers: [
      {
        issuer: 'https://api.example.net/',
        keys: { kind: 'jwks', jwks: JWKS },
        audiences: ['api.example.net'],
        domains: ['example.net'],
        maxLifetimeSeconds: 300,
        position: at(86, 5),
      },
      {
        issuer: 'api.example.org',
        keys: { kind: 'url', url: 'https://api.example.org/.well-known/pomerium/jwks.json' },
        audiences: ['api.example.org'],
        domains: ['example.org'],
        maxLifetimeSeconds: 600,
        position: at(91, 5),
      },
    ],
    originalUser: 'verified',
    clockSkewSeconds: 120,
    operators: ['ada@companydomain.com'],
    data: {},
    trustedHops: 2,
    decisionLog: {
      path: join(folder, 'decisions.jsonl'),
      maxBytes: 16 * 2 ** 20,
      keep: 0,
      headers: ['x-tenant'],
      claims: ['department'],
    },
    claimHeaders: [{ name: 'x-email', claim: 'email' }],
    routes: [
      {
        ...defaults,
        id: 'r0',
        name: 'old.example.com/',
        from: { scheme: 'https', host: 'old.example.com' },
        to: [],
        path: { kind: 'prefix', value: '/' },
        prefixRewrite: null,
        redirect: {
          scheme: 'https',
          host: 'new.example.com',
          port: 8443,
          path: '/new',
          prefixRewrite: null,
          status: 308,
          stripsQuery: true,
        },
        preserveHostHeader: false,
        passIdentityHeaders: true,
        policy: { rego: [], rules: [flag('authenticated_user', 77, 35, 5)] },
        timeoutMs: 20_000,
        position: at(69, 5),
      },
      app,
      {
        ...app,
        id: 'r2',
        name: 'Other',
        from: { scheme: 'http', host: '*.xn--bcher-kva.example' },
        path: { kind: 'prefix', value: '/other' },
        prefixRewrite: '/',
        passIdentityHeaders: false,
        position: at(34, 5),
      },
      {
        ...defaults,
        id: 'r3',
        name: 'public.example.com/exact',
        from: { scheme: 'https', host: 'public.example.com' },
        to: [new URL('https://10.0.0.3')],
        path: { kind: 'path', value: '/exact' },
        prefixRewrite: null,
        preserveHostHeader: false,
        passIdentityHeaders: true,
        policy: { rego: [], rules: [flag('accept', 44, 42, 5)] },
        timeoutMs: 0,
        position: at(40, 5),
      },
      {
        ...defaults,
        id: 'r4',
        name: 'public.example.com/[a-z]+',
        from: { scheme: 'https', host: 'public.example.com' },
        to: [new URL('https://10.0.0.3')],
        path: { kind: 'regex', value: '/[a-z]+' },
        prefixRewrite: null,
        preserveHostHeader: false,
        passIdentityHeaders: true,
        policy: { rego: [], rules: [flag('authenticated_user', 48, 35, 5)] },
        timeoutMs: 20_000,
        position: at(45, 5),
      },
      {
        ...defaults,
        id: 'r5',
        name: 'live.example.com/',
        from: { scheme: 'https', host: 'live.example.com' },
        to: [new URL('https://10.0.0.4')],
        path: { kind: 'prefix', value: '/' },
        prefixRewrite: null,
        preserveHostHeader: false,
        hostRewrite: 'live.internal:8443',
        passIdentityHeaders: true,
        policy: { rego: [], rules: [flag('authenticated_user', 51, 35, 5)] },
        timeoutMs: 0,
        idleTimeoutMs: 3_600_000,
        allowWebsockets: true,
        allowedOrigins: ['https://app.example.com', 'http://localhost:3000'],
        issuerFormat: 'host_only',
        setRequestHeaders: [
          text('x-team', 'blue'),
          text('x-zone', 'inner'),
          { name: 'authorization', parts: [{ kind: 'text', text: 'Bearer ' }, { kind: 'jwt' }] },
        ],
        removeRequestHeaders: ['x-trace', 'x-debug'],
        setResponseHeaders: [text('x-frame-options', 'DENY'), text('x-xss-protection', '0')],
        rewriteResponseHeaders: [
          { name: 'location', prefix: 'http://10.0.0.9/', value: '/' },
          { name: 'location', prefix: 'http://10.0.0.4/', value: '/' },
        ],
        groupsFilter: ['eng', 'ops'],
        namesGroupsOfPolicy: false,
        tls: { customCa: CERTIFICATE, skipVerify: false, serverName: 'b.internal' },
        originalUserMaxAgeSeconds: 3_600,
        position: at(49, 5),
      },
    ],
  } satisfies Config);
  expect(warnings).toEqual([expect.objectContaining({ message: expect.stringMatching(/^browsers keep no session/) })]);
});

test('a file with nothing but what must be there', () => {
  expect(parseConfig('insecure_server: true\nroutes: []\n', '/etc/behalf/behalf.yaml')).toEqual({
    config: {
      file: '/etc/behalf/behalf.yaml',
      address: { host: '', port: 443 },
      certificate: null,
      authenticateServiceUrl: null,
      session: {
        cookieName: '_pomerium',
        cookieDomain: null,
        sameSite: 'lax',
        lifetimeSeconds: 50_400,
        outageGraceSeconds: 600,
      },
      branding: { name: 'Behalf', logo: null, color: null },
      signedOutUrl: null,
      sharedSecret: null,
      signingKeys: [],
      stateDir: '/etc/behalf/.behalf',
      provider: null,
      bearerTokenFormat: 'default',
      accessTokenAudiences: [],
      trustedIssuers: [],
      originalUser: 'verified',
      clockSkewSeconds: 60,
      decisionLog: null,
      trustedHops: 0,
      claimHeaders: [],
      operators: [],
      data: {},
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
const toBase64 = (text: string): string => Buffer.from(text).toString('base64');
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
    expect(config.provider).toMatchObject({ issuer, clientId: 'x', clientSecret: null });
  });

  const BASIC = ['openid', 'profile', 'email'];
  const OFFLINE = [...BASIC, 'offline_access'];
  const select = { prompt: 'select_account' };
  const providers: Record<string, [written: string, read: Partial<Provider>]> = {
    'google, all by itself': [
      'idp_provider: Google',
      {
        issuer: 'https://accounts.google.com',
        scopes: BASIC,
        requestParams: { prompt: 'select_account consent', access_type: 'offline' },
      },
    ],
    'google for one domain': [
      'idp_provider: google\nidp_request_params: {hd: example.com, access_type: offline}',
      { scopes: BASIC, requestParams: { hd: 'example.com', access_type: 'offline' } },
    ],
    'gitlab.com': ['idp_provider: gitlab', { issuer: 'https://gitlab.com', scopes: BASIC, requestParams: {} }],
    'a GitLab of ours': [
      'idp_provider: gitlab\nidp_provider_url: https://git.example.com',
      { issuer: 'https://git.example.com', scopes: BASIC },
    ],
    "azure's tenant": [
      'idp_provider: azure\nidp_provider_url: https://login.microsoftonline.com/f42bce3b-671c-4162-b24c-00ecc7641897/v2.0',
      { scopes: OFFLINE, requestParams: select },
    ],
    'auth0 without its slash': [
      'idp_provider: auth0\nidp_provider_url: https://a.auth0.com',
      { issuer: 'https://a.auth0.com/', scopes: OFFLINE },
    ],
    'auth0 with it': [
      'idp_provider: auth0\nidp_provider_url: https://a.auth0.com/',
      { issuer: 'https://a.auth0.com/' },
    ],
    'the first onelogin': [
      'idp_provider: onelogin',
      { issuer: 'https://openid-connect.onelogin.com/oidc', scopes: [...OFFLINE, 'groups'] },
    ],
    'the second onelogin': [
      'idp_provider: onelogin\nidp_provider_url: https://a.onelogin.com/oidc/2',
      { scopes: [...BASIC, 'groups'] },
    ],
    cognito: [
      'idp_provider: cognito\nidp_provider_url: https://c.example.com/pool',
      { scopes: BASIC, signedOutParam: 'logout_uri' },
    ],
    okta: ['idp_provider: okta\nidp_provider_url: https://a.okta.com', { scopes: OFFLINE, requestParams: {} }],
    ping: ['idp_provider: ping\nidp_provider_url: https://auth.pingone.com/a/as', { scopes: OFFLINE }],
    'another name of groups, and other scopes': [
      'idp_provider: oidc\nidp_provider_url: https://id\nidp_groups_claim: roles\nidp_scopes: [openid]',
      { groupsClaim: 'roles', scopes: ['openid'] },
    ],
  };
  test.each(Object.entries(providers))('provider: %s', (_, [written, read]) => {
    expect(load(`${written}\nidp_client_id: x`, PASS).config.provider).toMatchObject(read);
  });

  const services: Record<string, [written: string, insecure: boolean, read: string]> = {
    'https behind a TLS terminator': ['https://Auth.example.com', true, 'https://auth.example.com/'],
    'https by ourselves': ['https://auth.example.com:8443', false, 'https://auth.example.com:8443/'],
    'http on localhost': ['http://auth.localhost:8080', true, 'http://auth.localhost:8080/'],
    'http on a loopback address': ['http://127.0.0.1:8080/', true, 'http://127.0.0.1:8080/'],
  };
  test.each(Object.entries(services))('authenticate_service_url: %s', (_, [url, insecure, read]) => {
    const pair = `certificate: ${toBase64(CERTIFICATE)}\ncertificate_key: ${toBase64(CERTIFICATE_KEY)}`;
    const text = `${insecure ? 'insecure_server: true' : pair}\nauthenticate_service_url: ${url}\nroutes: [{${PASS}}]\n`;
    expect(parseConfig(text, 'b.yaml').config.authenticateServiceUrl?.href).toBe(read);
  });

  test('the host of sign-in is not that of a wildcard', () => {
    const route = PASS.replace('a.example.com', '*.example.com');
    const { authenticateServiceUrl } = load('authenticate_service_url: https://auth.example.com', route).config;
    expect(authenticateServiceUrl?.hostname).toBe('auth.example.com');
  });

  const domains: Record<string, string> = {
    'example.com': 'example.com',
    '.Example.COM': 'example.com',
    'a.example.com': 'a.example.com',
  };
  test.each(Object.entries(domains))('cookie_domain: %s', (written, domain) => {
    expect(load(`cookie_domain: ${written}`, PASS).config.session.cookieDomain).toBe(domain);
  });

  const images: Record<string, [file: string, type: string]> = {
    PNG: ['\x89PNG\r\n\x1a\n', 'image/png'],
    JPEG: ['\xff\xd8\xff\xe0', 'image/jpeg'],
    WebP: ['RIFF\0\0\n\0WEBPVP8', 'image/webp'],
    SVG: ['<svg xmlns="http://www.w3.org/2000/svg"></svg>\n', 'image/svg+xml'],
    'SVG with a declaration': ['<?xml version="1.0"?>\n<svg></svg>', 'image/svg+xml'],
  };
  test.each(Object.entries(images))('logo: %s', (_, [text, type]) => {
    const read = () => ({ text, isShared: false, isWritable: false });
    const { branding } = parseConfig('insecure_server: true\nroutes: []\nbranding: {logo: a}\n', 'b.yaml', {
      read,
    }).config;
    expect(branding).toEqual({
      name: 'Behalf',
      logo: `data:${type};base64,${Buffer.from(text, 'latin1').toString('base64')}`,
      color: null,
    });
  });

  const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
  const rsa = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits }).privateKey;
  const RSA = rsa(2048).export(pkcs8);
  const keys: Record<string, [written: string, read: readonly unknown[]]> = {
    'PKCS #8': [PKCS8, [PKCS8]],
    'SEC 1': [SEC1, [PKCS8]],
    'with the parameters that openssl writes': [
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${SEC1}`,
      [PKCS8],
    ],
    'base64 of PEM': [Buffer.from(SEC1).toString('base64'), [PKCS8]],
    'one of each kind, in their order': [`${RSA}${PKCS8}${ED25519}`, [RSA, PKCS8, ED25519]],
    'what openssl writes beside a key': [`Bag Attributes\n${PKCS8}\n`, [PKCS8]],
  };
  test.each(Object.entries(keys))('signing_key: %s', (_, [written, read]) => {
    expect(load(`signing_key: ${JSON.stringify(written)}`, PASS).config.signingKeys).toEqual(read);
  });

  const p384 = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  const encrypted = privateKey.export({ ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'x' });
  const old = privateKey.export({ type: 'sec1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });
  const kinds = 'must hold keys for P-256 (prime256v1), RSA of 2048 bits or more, or Ed25519';
  const form = 'must be private keys as PEM, or as base64 of PEM; found a string';
  const refused: Record<string, [pem: unknown, why: string]> = {
    'another curve': [p384.privateKey.export(pkcs8), kinds],
    'short RSA': [rsa(1024).export(pkcs8), kinds],
    'a key for agreement': [generateKeyPairSync('x25519').privateKey.export(pkcs8), kinds],
    'a public key': [p384.publicKey.export({ type: 'spki', format: 'pem' }), form],
    'a good key and another': [`${PKCS8}${p384.privateKey.export(pkcs8)}`, kinds],
    'a key twice': [PKCS8 + SEC1, 'must not hold a key twice'],
    'a certificate beside it': [PKCS8 + CERTIFICATE, form],
    encrypted: [encrypted, 'must be a key that is not encrypted'],
    'encrypted as SEC 1': [old, 'must be a key that is not encrypted'],
    'a broken key': [PKCS8.replaceAll('M', 'N'), form],
  };
  test.each(Object.entries(refused))('not signing_key: %s', (_, [pem, why]) => {
    expect(() => load(`signing_key: ${JSON.stringify(pem)}`, PASS)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: `b.yaml:2:14: "signing_key" ${why}` }),
    );
  });

  const timeouts: Record<string, [route: string, timeoutMs: number, upgradeTimeoutMs: number, idleTimeoutMs: number]> =
    {
      'nothing said': ['', 3_000, 0, 300_000],
      'WebSockets, which have no end': [', allow_websockets: true', 0, 0, 0],
      'WebSockets that have one': [', allow_websockets: true, timeout: 5s', 5_000, 5_000, 0],
      'an idle timeout of WebSockets': [', allow_websockets: true, idle_timeout: 5s', 0, 0, 5_000],
      'an idle timeout': [', idle_timeout: 5s', 3_000, 0, 5_000],
      'no idle timeout': [', idle_timeout: 0', 3_000, 0, 0],
    };
  test.each(Object.entries(timeouts))('timeouts: %s', (_, [over, timeoutMs, upgradeTimeoutMs, idleTimeoutMs]) => {
    const [route] = load('default_upstream_timeout: 3s', PASS + over).config.routes;
    expect(route).toMatchObject({ timeoutMs, upgradeTimeoutMs, idleTimeoutMs });
  });

  const rewrites: Record<string, string | null> = {
    'to: https://x': null,
    'to: https://x/': null,
    'to: https://x/base': '/base',
    'to: https://x/base, prefix_rewrite: /': '/',
    'to: https://x, prefix_rewrite: /': '/',
  };
  test.each(Object.entries(rewrites))('%s', (to, prefixRewrite) => {
    const [route] = load('', PASS.replace('to: https://x', to)).config.routes;
    expect(route?.prefixRewrite).toBe(prefixRewrite);
  });

  const redirects: Record<string, Partial<Redirect>> = {
    'https_redirect: true': { scheme: 'https' },
    'https_redirect: false, scheme_redirect: HTTP': { scheme: 'http' },
    'host_redirect: "[::1]"': { host: '[::1]' },
    'port_redirect: 1234': { port: 1234 },
    'prefix_rewrite: /new': { prefixRewrite: '/new' },
    'response_code: 307': { status: 307 },
    'strip_query: true': { stripsQuery: true },
  };
  test.each(Object.entries(redirects))('redirect: {%s}', (redirect, over) => {
    const [route] = load('', PASS.replace('to: https://x', `redirect: {${redirect}}`)).config.routes;
    const nothing = { scheme: null, host: null, port: null, path: null, prefixRewrite: null };
    expect(route?.redirect).toEqual({ ...nothing, status: 301, stripsQuery: false, ...over });
  });

  const issuerFormats: Record<string, Route['issuerFormat']> = {
    'hostOnly|': 'host_only',
    'URI|': 'uri',
    'uri|hostOnly': 'host_only',
    'hostonly|Uri': 'uri',
    "uri|''": 'host_only',
  };
  test.each(Object.entries(issuerFormats))('jwt_issuer_format, global|route: %s', (formats, format) => {
    const [all, own] = formats.split('|');
    const route = own === '' ? PASS : `${PASS}, jwt_issuer_format: ${own}`;
    expect(load(`jwt_issuer_format: ${all}`, route).config.routes[0]?.issuerFormat).toBe(format);
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

const CLEAR = 'from: http://a.example.com, to: https://x';
const CLEAR_TEXT =
  '7:3: warning: browsers keep no session on http: but on localhost: behind a TLS terminator write "from" with https:, and for programs alone "caller_type: service_account"';
const PROGRAM = 'caller_type: service_account';
const FOR_NOBODY = [
  'allow_public_unauthenticated_access: true',
  `policy: {allow: {or: [${PROGRAM}]}}`,
  `policy: {allow: {and: [user: ci, caller_type: {is: service_account}]}}`,
  'policy: {allow: {and: [original_user/domain: x.com, http_path: /a]}}',
  `policy: [{allow: {or: [${PROGRAM}, original_user: true]}}, {deny: {not: [user: ci]}}]`,
];
const FOR_PEOPLE = [
  'allowed_users: [ci]',
  'allow_public_unauthenticated_access: true, pass_identity_headers: true',
  `allow_public_unauthenticated_access: true, set_request_headers: {X-A: "\${pomerium.jwt}"}`,
  'policy: {allow: {or: [accept: true]}, deny: {not: [domain: x.com]}}',
  `policy: {allow: {or: [${PROGRAM}, user: a]}}`,
  `policy: {allow: {and: [${PROGRAM}], or: [user: a]}}`,
  `policy: {allow: {not: [${PROGRAM}]}}`,
  'policy: {allow: {or: [caller_type: {not: service_account}]}}',
  `policy: {allow: {or: [${PROGRAM}]}, rego: "package a\\nallow := true\\n"}`,
];

describe('warnings about values', () => {
  const provider = 'idp_provider: oidc\nidp_provider_url: https://id.example.com\nidp_client_id: x\n';
  const redirect = (fields: string) => PASS.replace('to: https://x', `redirect: {${fields}}`);
  const cases: Record<string, [global: string, route: string, ...warnings: string[]]> = {
    'a provider with whose tokens nobody can sign in': [
      provider,
      PASS,
      '2:15: warning: nobody can sign in with the provider: write "authenticate_service_url" for browsers, or "bearer_token_format" for programs',
    ],
    'a provider with which browsers sign in': [`${provider}authenticate_service_url: https://auth.example.com`, PASS],
    'routes at the port of the sign-in, or at one that nobody says': [
      `${provider}authenticate_service_url: https://auth.example.com:8443`,
      PASS.replace('a.example.com', 'a.example.com:8443'),
    ],
    'a route at another port than the sign-in': [
      `${provider}authenticate_service_url: https://auth.example.com:443`,
      PASS.replace('a.example.com', 'a.example.com:8443'),
      '7:3: warning: browsers are not sent to sign in from here: "from" has port 8443, "authenticate_service_url" the port of its scheme, and both must have the same',
    ],
    'a route in clear text on this machine': [
      `${provider}authenticate_service_url: https://auth.example.com`,
      PASS.replace('https://a.example.com', 'http://a.localhost'),
    ],
    'a route in clear text elsewhere': [
      `${provider}authenticate_service_url: https://auth.example.com`,
      PASS.replace('https://a', 'http://a'),
      CLEAR_TEXT,
    ],
    ...Object.fromEntries(
      FOR_PEOPLE.map((rest): [string, [string, string, string]] => [
        `a route in clear text for people: ${rest}`,
        [`${provider}authenticate_service_url: https://auth.example.com`, `${CLEAR}, ${rest}`, CLEAR_TEXT],
      ]),
    ),
    ...Object.fromEntries(
      FOR_NOBODY.map((rest): [string, [string, string]] => [
        `a route in clear text where nobody signs in: ${rest}`,
        [`${provider}authenticate_service_url: https://auth.example.com`, `${CLEAR}, ${rest}`],
      ]),
    ),
    'a route in clear text for programs that goes on elsewhere': [
      `${provider}authenticate_service_url: https://auth.example.com`,
      'from: http://a.example.com, redirect: {https_redirect: true}, allow_public_unauthenticated_access: true, pass_identity_headers: true',
    ],
    'a route in clear text, and nobody signs in': ['', PASS.replace('https://a', 'http://a')],
    'a place to sign in, and nobody who does it': [
      'authenticate_service_url: https://auth.example.com',
      PASS,
      '2:1: warning: nobody can sign in there without "idp_provider"',
    ],
    'a cookie for other hosts too': [
      'cookie_domain: example.com',
      PASS,
      '2:16: warning: every host of this domain gets session cookies, and can set them: without this key one sign-in serves all routes too',
    ],
    'a cookie that other sites can use': [
      'cookie_same_site: none',
      PASS,
      '2:19: warning: any site can make browsers send requests here with the session of its visitor',
    ],
    'a cookie that no other site can use': ['cookie_same_site: strict', PASS],
    'origins of nothing': [
      '',
      `${PASS}, allowed_origins: ["https://b.example.com"]`,
      '4:84: warning: this does nothing without "allow_websockets: true"',
    ],
    'origins of WebSockets': ['', `${PASS}, allow_websockets: true, allowed_origins: ["https://b.example.com"]`],
    'a provider with whose tokens users can': [`${provider}bearer_token_format: idp_identity_token`, PASS],
    'audiences that nothing is compared with': [
      `${provider}bearer_token_format: idp_identity_token\nidp_access_token_allowed_audiences: [a]`,
      PASS,
      '6:1: warning: this does nothing without "bearer_token_format: idp_access_token"',
    ],
    'audiences that something is compared with': [
      `${provider}bearer_token_format: idp_access_token\nidp_access_token_allowed_audiences: [a]`,
      PASS,
    ],
    'original users that nobody verifies': [
      'original_user: Unverified',
      PASS,
      '2:16: warning: original users are carried without being verified: anybody with a service account can claim to act for anybody, and upstreams must check it',
    ],
    'original users that are verified': ['original_user: verified', PASS],
    'upstreams that nobody verifies': [
      '',
      `${PASS}, tls_skip_verify: true`,
      '4:101: warning: whoever answers for the upstream is taken for it: its certificate is not verified',
    ],
    'upstreams that are verified': ['', `${PASS}, tls_skip_verify: false`],
    'a redirect to itself': [
      '',
      redirect('strip_query: true'),
      '4:43: warning: this redirect leads back to where the request was sent',
    ],
    'a redirect to somewhere else': ['', redirect('port_redirect: 8443')],
  };
  test.each(Object.entries(cases))('%s', (_, [global, route, ...warnings]) => {
    expect(load(global, route).warnings.map(writeProblem)).toEqual(warnings.map((line) => `b.yaml:${line}`));
  });
});

test.each<[mode: number, ...warnings: string[]]>([
  [0o600],
  [0o640, '2:19: warning: "signing_key_file" names a file that other users may read or write'],
  [
    0o622,
    '2:19: warning: "signing_key_file" names a file that other users may read or write',
    '3:99: warning: "tls_custom_ca_file" names a file that other users may write',
  ],
])('a file of mode %o', async (mode, ...warnings) => {
  const file = join(folder, 'modes.yaml');
  writeFileSync(join(folder, 'a-key'), PKCS8);
  writeFileSync(join(folder, 'a-ca'), CERTIFICATE);
  for (const name of ['a-key', 'a-ca']) chmodSync(join(folder, name), mode);
  const route = '{from: https://a, to: https://x, allow_any_authenticated_user: true, tls_custom_ca_file: a-ca}';
  writeFileSync(file, `insecure_server: true\nsigning_key_file: a-key\nroutes: [${route}]\n`);
  expect((await loadConfig(file, {})).warnings.map(writeProblem)).toEqual(warnings.map((line) => `${file}:${line}`));
});

test('no two routes answer to one name: a name that is not written gives way', () => {
  const { config } = load('', `${PASS}, prefix: /a`, `${PASS}, path: /a`, `${PASS}, name: API`);
  expect(config.routes.map(({ name }) => name)).toEqual(['a.example.com/a', 'r1', 'API']);
});

test('a byte order mark and CRLF change nothing', () => {
  const texts: Record<string, string> = {
    'shared-secret': SECRET.toString('base64'),
    'signing-key': PKCS8,
    certificate: CERTIFICATE,
    'certificate-key': CERTIFICATE_KEY,
    'jwks.json': JSON.stringify(JWKS),
    'logo.png': PNG.toString('latin1'),
  };
  const read = (path: string) => ({ text: texts[basename(path)] ?? '', isShared: false, isWritable: false });
  expect(parseConfig(`\uFEFF${FULL.replaceAll('\n', '\r\n')}`, 'b.yaml', { read })).toEqual(
    parseConfig(FULL, 'b.yaml', { read }),
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
  test('the examples of docs/configuration.md make one configuration', () => {
    const docs = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');
    const examples = Array.from(docs.matchAll(/```yaml\n(.*?)```/gs), ([, text = '']) => parseYaml(text));
    const routes = examples.flatMap((example) => example.routes ?? []);
    const texts: Record<string, string> = {
      'chain.pem': CERTIFICATE,
      'key.pem': CERTIFICATE_KEY,
      'internal-ca.pem': CERTIFICATE,
      'shared-secret': SECRET.toString('base64'),
      'signing-keys.pem': PKCS8 + ED25519,
      'client-secret': 'hush',
    };
    const read = (path: string) => ({ text: texts[basename(path)] ?? '', isShared: false, isWritable: false });
    const text = stringify({ ...Object.assign({}, ...examples), routes });
    expect(parseConfig(text, 'b.yaml', { read }).config.routes.length).toBe(routes.length);
  });

  const signIn = readFileSync(join(import.meta.dirname, '../../docs/sign-in.md'), 'utf8');
  const providers = Array.from(signIn.matchAll(/```yaml\n(.*?)```/gs), ([, text = '']) => text);
  test.each(providers)('an example of docs/sign-in.md: %s', (text) => {
    const read = () => ({ text: 'hush', isShared: false, isWritable: false });
    const whole = {
      insecure_server: true,
      authenticate_service_url: 'https://authenticate.example.com',
      routes: [],
      ...parseYaml(text),
    };
    expect(parseConfig(stringify(whole), 'b.yaml', { read }).warnings.map(writeProblem)).toEqual(
      whole.idp_provider ? [] : ['b.yaml:2:1: warning: nobody can sign in there without "idp_provider"'],
    );
  });

  test("no key of Behalf's is said to be missing", () => {
    expect(Object.keys(GLOBAL_KEYS).filter((key) => POMERIUM_GLOBAL_KEYS.has(key))).toEqual([]);
    expect(Object.keys(ROUTE_KEYS).filter((key) => POMERIUM_ROUTE_KEYS.has(key))).toEqual([]);
  });

  test('lists and maps have no variable', () => {
    const others = Object.keys(GLOBAL_KEYS).filter((key) => !VARIABLES.has(key.toUpperCase()));
    expect(others).toEqual([
      'branding',
      'programmatic_redirect_domain_whitelist',
      'idp_scopes',
      'idp_request_params',
      'idp_access_token_allowed_audiences',
      'trusted_issuers',
      'decision_log_headers',
      'decision_log_claims',
      'jwt_claims_headers',
      'jwt_groups_filter',
      'set_request_headers',
      'remove_request_headers',
      'set_response_headers',
      'rewrite_response_headers',
      'operators',
      'data',
      'policy',
      'routes',
    ]);
  });
});
