import { describe, expect, test } from 'vitest';
import { imagineInput } from '../../src/cases/imagine-input.ts';
import type { Imagined } from '../../src/cases/imagine-request.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { BehalfError } from '../../src/errors.ts';

const TEXT = `
insecure_server: true
jwt_claims_headers: {X-Dept: department}
routes:
- {name: App, from: https://app.example.com, to: http://127.0.0.1:1, policy: {allow: {or: [accept: true]}}}
- {name: Chat, from: http://chat.example.com, to: http://127.0.0.1:1, allow_websockets: true, policy: {allow: {or: [accept: true]}}}
- {name: Wild, from: https://*.example.com, to: http://127.0.0.1:1, prefix: /w, policy: {allow: {or: [accept: true]}}}
`;
const { config } = parseConfig(TEXT, 'behalf.yaml');
const unverified = parseConfig(`original_user: unverified\n${TEXT}`, 'behalf.yaml').config;

const at = new Date('2026-01-31T09:00:00.250+01:00');
const app = { type: 'service_account', id: 'app-access' } as const;
const url = 'https://app.example.com/';
const imagine = (imagined: Partial<Imagined>) => imagineInput(config, { url, at, ...imagined });
const HANDSHAKE = { Connection: 'Upgrade', Upgrade: 'websocket' };

test('a request of nobody has every key', () =>
  expect(imagine({})).toEqual({
    route: { id: 'r0', name: 'App' },
    request: {
      method: 'GET',
      scheme: 'https',
      host: 'app.example.com',
      path: '/',
      query: '',
      headers: {},
      ip: '127.0.0.1',
      client_certificate: null,
    },
    caller: null,
    original_user: null,
    original_user_error: null,
    time_ns: Date.UTC(2026, 0, 31, 8) * 1e6 + 250e6,
  }));

describe('a request is read as the proxy reads it', () => {
  test.each<[string, Partial<Imagined>, object]>([
    ['dots and escapes', { url: 'https://app.example.com/a/../b%20c' }, { path: '/b c' }],
    ['a query', { url: 'https://app.example.com/a?x=/../1' }, { path: '/a', query: 'x=/../1' }],
    ['a query alone', { url: 'https://app.example.com?x=1' }, { path: '/', query: 'x=1' }],
    ['a port and a dot', { url: 'https://APP.example.com.:8443/' }, { host: 'app.example.com' }],
    ['a session in the query', { url: 'https://app.example.com/?pomerium_session=s&x=1' }, { query: 'x=1' }],
    ['a method', { method: 'DELETE' }, { method: 'DELETE' }],
    ['an address', { ip: '2001:DB8:0::1' }, { ip: '2001:db8::1' }],
    ['an address that nobody trusted says', { headers: { 'X-Forwarded-For': '192.0.2.1' } }, { ip: '127.0.0.1' }],
    ['a header twice', { headers: { 'X-A': ['1', '2'] } }, { headers: { 'x-a': ['1', '2'] } }],
    ['cookies', { headers: { Cookie: '_pomerium=s; a=b' } }, { headers: {} }],
    ['an Authorization of the upstream', { headers: { Authorization: 'Basic eDp5' } }, { headers: {} }],
    ['a forged claim header', { headers: { X_Dept: 'board' } }, { headers: {} }],
    ['hop-by-hop headers', { headers: { Connection: 'X-A', 'X-A': '1' } }, { headers: {} }],
    ['UTF-8 in a header, byte for byte', { headers: { 'X-A': 'é' } }, { headers: { 'x-a': ['Ã©'] } }],
    ['a listener without TLS, behind one with', { url: 'http://app.example.com/' }, { scheme: 'https' }],
    [
      'a certificate',
      { clientCertificate: { valid: true, san_dns: ['a.example'] } },
      {
        client_certificate: {
          valid: true,
          fingerprint: '',
          spki_hash: '',
          san_dns: ['a.example'],
          san_email: [],
          san_uri: [],
        },
      },
    ],
  ])('%s', (_, imagined, facts) => expect(imagine(imagined).request).toMatchObject(facts));
});

test('behind trusted proxies, the client is whom they name, unless it is said', () => {
  const { config: behind } = parseConfig(`xff_num_trusted_hops: 1\n${TEXT}`, 'behalf.yaml');
  const headers = { 'X-Forwarded-For': '10.0.0.1, 192.0.2.1' };
  const ipOf = (imagined: Partial<Imagined>) => imagineInput(behind, { url, headers, ...imagined }).request.ip;
  expect(ipOf({})).toBe('192.0.2.1');
  expect(ipOf({ ip: '192.0.2.9' })).toBe('192.0.2.9');
});

describe('the route is the one that serves', () => {
  test.each([
    ['https://app.example.com/w', 'App'],
    ['https://other.example.com/w/x', 'Wild'],
    ['https://other.example.com/x', ''],
    ['https://elsewhere.net/', ''],
  ])('%s: "%s"', (url, name) => expect(imagine({ url }).route.name).toBe(name));

  test('a handshake of a WebSocket, where there may be one', () =>
    expect(imagine({ url: 'http://chat.example.com/', headers: HANDSHAKE }).route.name).toBe('Chat'));
});

describe('people are who they are said to be', () => {
  test('a person with an email address alone', () =>
    expect(imagine({ as: { email: 'a@x.com' } }).caller).toMatchObject({
      type: 'user',
      id: 'a@x.com',
      email: 'a@x.com',
      name: '',
      groups: [],
      claims: { sub: ['a@x.com'], email: ['a@x.com'] },
    }));

  test('an email address that the provider calls unverified is not taken', () => {
    const as = { id: 'a', email: 'a@x.com', claims: { email_verified: false } };
    expect(imagine({ as }).caller).toMatchObject({ email: '', claims: { email_verified: [false] } });
    expect(imagine({ as }).caller?.claims).not.toHaveProperty('email');
  });

  test('claims are flat, and win', () =>
    expect(imagine({ as: { id: 'a', groups: ['x'], claims: { groups: ['y'], a: { b: 1 } } } }).caller).toMatchObject({
      groups: ['y'],
      claims: { groups: ['y'], 'a.b': [1] },
    }));

  test('a claim may be called __proto__', () =>
    expect(
      Object.keys(imagine({ as: { id: 'a', claims: JSON.parse('{"__proto__": "x"}') } }).caller?.claims ?? {}),
    ).toContain('__proto__'));

  test("of an original user's claims, an assertion of ours holds those with a header", () => {
    const person = { id: 'a', email: 'a@x.com', claims: { department: 'research', level: 5 } };
    const { original_user } = imagine({ as: app, for: person });
    expect(original_user).toMatchObject({ id: 'a', issuer: 'app.example.com', audience: 'app.example.com' });
    expect(original_user?.claims['department']).toEqual(['research']);
    expect(original_user?.claims).not.toHaveProperty('level');
  });

  test('an assertion that is not valid leaves its error', () =>
    expect(imagine({ as: app, forError: 'signature' })).toMatchObject({
      original_user: null,
      original_user_error: 'signature',
    }));

  test('policies see no original user that is carried without being verified', () =>
    expect(imagineInput(unverified, { url, as: app, for: { id: 'a' } }).original_user).toBeNull());
});

describe('what cannot be is refused', () => {
  const TOKEN = 'say with "as" and "for" who calls and on whose behalf, not with a token in a header';
  test.each<[string, Partial<Imagined>, code: string, message: string]>([
    ['no URL', { url: '/a' }, 'ERR_INPUT_INVALID', 'a URL is due, such as https://app.example.com/path'],
    ['another scheme', { url: 'ftp://a/' }, 'ERR_INPUT_INVALID', 'a URL is due, such as https://app.example.com/path'],
    ['no address', { ip: '192.0.2' }, 'ERR_INPUT_INVALID', 'an IP address is due, such as 192.0.2.1'],
    ['a method of two words', { method: 'GET /' }, 'ERR_INPUT_INVALID', 'a method is due, such as GET'],
    [
      'a header with a line in it',
      { headers: { 'X-A': 'a\r\nB: c' } },
      'ERR_INPUT_INVALID',
      'no request can hold the header "X-A"',
    ],
    ['a header without a name', { headers: { '': 'a' } }, 'ERR_INPUT_INVALID', 'no request can hold the header ""'],
    ['a credential', { headers: { Authorization: 'Pomerium a.b.c' } }, 'ERR_INPUT_INVALID', TOKEN],
    ['an assertion', { headers: { 'X-Pomerium-Jwt-Assertion': 'a' } }, 'ERR_INPUT_INVALID', TOKEN],
    ['an assertion -For', { headers: { 'X-Pomerium-Jwt-Assertion-For': 'a' } }, 'ERR_INPUT_INVALID', TOKEN],
    [
      'an original user of a person',
      { as: { id: 'a' }, for: { id: 'b' } },
      'ERR_INPUT_INVALID',
      'only a service account calls on behalf of somebody',
    ],
    [
      'an original user and none',
      { as: app, for: { id: 'b' }, forError: 'expired' },
      'ERR_INPUT_INVALID',
      "an assertion that is not valid is on nobody's behalf",
    ],
    [
      'a caller without a name',
      { as: { name: 'A' } },
      'ERR_INPUT_INVALID',
      'whoever calls has an id or an email address',
    ],
    [
      'a service account with groups',
      { as: { ...app, groups: ['a'] } },
      'ERR_INPUT_INVALID',
      'a service account has an id, and no email, name, groups or claims',
    ],
    [
      'a claim that is two',
      { as: { id: 'a', claims: { 'a.b': 1, a: { b: 2 } } } },
      'ERR_INPUT_INVALID',
      'no token is taken that has such claims: too many, too deep, twice the same, or no exact number',
    ],
    [
      "a path of the proxy's own",
      { url: 'https://app.example.com/ping' },
      'ERR_INPUT_INVALID',
      'the proxy itself answers this path, and asks no policy',
    ],
    [
      'a path with two readings',
      { url: 'https://app.example.com/a%2f..' },
      'ERR_REQUEST_MALFORMED',
      'the path can be read in more than one way',
    ],
    ['CONNECT', { method: 'CONNECT' }, 'ERR_REQUEST_METHOD', 'CONNECT is not taken'],
    [
      'a handshake that is not allowed',
      { headers: HANDSHAKE },
      'ERR_REQUEST_UPGRADE',
      'the route does not allow WebSockets',
    ],
    [
      'another upgrade',
      { headers: { Upgrade: 'h2c' } },
      'ERR_REQUEST_UPGRADE',
      'the upgrade is not a WebSocket handshake',
    ],
  ])('%s', (_, imagined, code, message) => {
    let error: BehalfError | null = null;
    try {
      imagine(imagined);
    } catch (caught) {
      error = caught as BehalfError;
    }
    expect(error).toMatchObject({ code, message });
  });
});
