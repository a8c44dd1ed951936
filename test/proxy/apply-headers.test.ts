import fc from 'fast-check';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  AssertionClaims,
  Caller,
  HeaderValue,
  RequestHeaderAction,
  ResponseHeaderAction,
} from '../../src/engine/documents.ts';
import { BehalfError } from '../../src/errors.ts';
import { type ActionFacts, applyRequestHeaders } from '../../src/proxy/apply-request-headers.ts';
import { applyResponseHeaders } from '../../src/proxy/apply-response-headers.ts';
import type { Header } from '../../src/proxy/header.ts';
import { UnverifiedAssertion } from '../../src/proxy/unverified-assertion.ts';
import { VerifiedAssertion } from '../../src/proxy/verified-assertion.ts';
import { ASSERTION, ASSERTION_FOR, canonicalName, isReservedName } from '../../src/reserved-names.ts';
import { makeIdentity, type World } from '../identity/support/make-identity.ts';

const HOST = 'api.example.com';
const CALLER: Caller = {
  type: 'user',
  id: 'alice',
  email: 'alice@example.com',
  name: '',
  groups: [],
  claims: {},
  session_id: 's1',
  expires_at: null,
};
const CLAIMS: AssertionClaims = {
  iss: HOST,
  aud: HOST,
  sub: 'alice',
  user: 'alice',
  email: 'alice@example.com',
  name: '',
  groups: [],
  sid: 's1',
  caller_type: 'user',
};
const claims = (over: Readonly<Record<string, string | readonly string[]>>) =>
  ({ ...CLAIMS, ...over }) as AssertionClaims;

const tokensOf = (accessToken: string | null) => ({
  idToken: 'i.d.t',
  accessToken,
  refreshToken: null,
  expiresAt: 2_000_000_000,
});

let world: World;
let facts: ActionFacts;
let unverified: UnverifiedAssertion | null;

beforeAll(async () => {
  world = await makeIdentity();
  const { identity, serviceAccounts } = world;
  const token = identity.signAssertion(CLAIMS, null);
  const credential = { kind: 'service_account', token: serviceAccounts.create('app', null) } as const;
  const presentation = { presenter: await identity.identifyCaller(credential), maxAgeSeconds: null };
  unverified = UnverifiedAssertion.parse(token.replace(/.$/, 'A'));
  facts = {
    host: HOST,
    caller: CALLER,
    original: await VerifiedAssertion.verify(identity, token, presentation),
    unverified: null,
    session: { tokens: tokensOf(null) },
    headerTexts: ['blue', 'Bearer ', 'caf\xe9 100%'],
  };
});

afterAll(() => world[Symbol.asyncDispose]());

const apply = (
  actions: readonly RequestHeaderAction[],
  headers: readonly Header[] = [],
  over: Partial<ActionFacts> = {},
) => applyRequestHeaders(headers, actions, { ...facts, ...over }, world.identity);

const sent = (value: HeaderValue) => apply([{ action: 'set', name: 'x-a', value }])[0]?.[1];

const refusal = expect.objectContaining({ code: 'ERR_ENGINE_DECISION' });

describe('applyRequestHeaders', () => {
  test('in the order of the actions: the last word on a name counts', () => {
    const headers = apply(
      [
        { action: 'set', name: 'X-A', value: '1' },
        { action: 'set', name: 'x-b', value: '1' },
        { action: 'remove', name: 'x_a' },
        { action: 'set', name: 'x-d', value: '1' },
        { action: 'set', name: 'X_B', value: '2' },
      ],
      [
        ['x-c', 'stays'],
        ['x_a', 'client’s'],
      ],
    );
    expect(headers).toEqual([
      ['x-c', 'stays'],
      ['x-d', '1'],
      ['x_b', '2'],
    ]);
  });

  test('signs what is true, and carries what was verified byte for byte', async () => {
    const headers = new Map(
      apply([
        { action: 'sign', name: ASSERTION, claims: CLAIMS },
        { action: 'carry', name: ASSERTION_FOR, from: 'original_user' },
      ]),
    );
    expect(headers.get(ASSERTION_FOR)).toBe(facts.original?.token);
    await expect(world.verifyAssertion(headers.get(ASSERTION) ?? '')).resolves.toMatchObject({
      id: 'alice',
      issuer: HOST,
    });
  });

  test('signs further claims, and an issuer written as a URI', async () => {
    const further = claims({ iss: `https://${HOST}/`, team: 'blue', 'address.country': ['GB', 'FR'] });
    const [[, token = ''] = []] = apply([{ action: 'sign', name: ASSERTION, claims: further }]);
    expect(decodeJwt(token)).toMatchObject(further);
    await expect(world.verifyAssertion(token)).resolves.toMatchObject({
      claims: { team: ['blue'], 'address.country': ['GB', 'FR'] },
    });
  });

  test('signs for no longer than the caller lasts', () => {
    const expiresAt = Math.floor(Date.now() / 1000) + 60;
    const lasting = { caller: { ...CALLER, expires_at: expiresAt } };
    const [[, token = ''] = []] = apply([{ action: 'sign', name: ASSERTION, claims: CLAIMS }], [], lasting);
    expect(decodeJwt(token).exp).toBe(expiresAt);
  });

  test('equal claims are signed once', () => {
    const headers = new Map(
      apply([
        { action: 'sign', name: ASSERTION, claims: CLAIMS },
        { action: 'set', name: 'authorization', value: [{ config: 1 }, { sign: { ...CLAIMS } }] },
      ]),
    );
    expect(headers.get('authorization')).toBe(`Bearer ${headers.get(ASSERTION)}`);
  });

  test('carries what nobody verified, if there is any', () => {
    const carry: RequestHeaderAction = { action: 'carry', name: ASSERTION_FOR, from: 'unverified' };
    expect(apply([carry], [], { original: null, unverified })).toEqual([[ASSERTION_FOR, unverified?.token]]);
    expect(apply([carry], [[ASSERTION_FOR, 'client’s']], { original: null })).toEqual([]);
  });

  const VALUES: Readonly<Record<string, readonly [value: HeaderValue, header: string]>> = {
    text: ['blue', 'blue'],
    'no text': ['', ''],
    'text of the configuration, as it is written': [[{ config: 2 }], 'caf\xe9 100%'],
    parts: [['a', { config: 0 }, 'b'], 'ablueb'],
    'no parts': [[], ''],
    'a token': [[{ config: 1 }, { token: 'id_token' }], 'Bearer i.d.t'],
    'what looks like parts': ['[{"token": "id_token"}]', '[{"token": "id_token"}]'],
    'what looks like a reference': [[`\${pomerium.id_token}`], `\${pomerium.id_token}`],
    'what is beyond ASCII': ['Jürgen €, 日', 'J%C3%BCrgen %E2%82%AC, %E6%97%A5'],
    'a line break': ['a\r\nX-Pomerium-Claim-Email: b', 'a%0D%0AX-Pomerium-Claim-Email: b'],
    'other control characters': ['\0\t\x7f\x85', '%00%09%7F%C2%85'],
    'spaces at its ends, which a recipient would take off': ['  a b ', '%20 a b%20'],
    'spaces alone': ['   ', '%20 %20'],
    'half a surrogate pair': ['a\ud800', 'a%EF%BF%BD'],
    'bytes, as they are': [[{ bytes: 'a \xc3\xa9\xff\t' }], 'a %C3%A9%FF%09'],
    'spaces at the ends of bytes': [[{ bytes: '  a ' }], '%20 a%20'],
  };
  test.each(Object.entries(VALUES))('sends %s', (_, [value, header]) => {
    expect(sent(value)).toBe(header);
  });

  test('a header whose token is missing is not sent, nor the client’s own', () => {
    const action: RequestHeaderAction = {
      action: 'set',
      name: 'authorization',
      value: [{ config: 1 }, { token: 'access_token' }],
    };
    const client: Header = ['authorization', 'Bearer of-a-client'];
    expect(apply([action], [client])).toEqual([]);
    expect(apply([action], [client], { session: null })).toEqual([]);
    const session = { tokens: tokensOf('a.t') };
    expect(apply([action], [client], { session })).toEqual([['authorization', 'Bearer a.t']]);
  });

  test('tokens are not even read, for that takes long, but for a header that asks for one', () => {
    const session = {
      get tokens(): never {
        throw new TypeError('read');
      },
    };
    const set = (value: HeaderValue) => apply([{ action: 'set', name: 'x-a', value }], [], { session });
    expect(set('1')).toEqual([['x-a', '1']]);
    expect(() => set([{ token: 'id_token' }])).toThrow('read');
  });

  test('what a header leaves out changes nothing', () => {
    const omit: RequestHeaderAction = { action: 'omit', name: 'x-a', count: 2 };
    expect(apply([omit], [['x-a', '1']])).toEqual([['x-a', '1']]);
    expect(apply([{ action: 'set', name: 'x-a', value: '2' }, omit], [['x-a', '1']])).toEqual([['x-a', '2']]);
    expect(apply([{ action: 'remove', name: 'x-a' }, omit], [['x-a', '1']])).toEqual([]);
  });

  test('whatever a text is, it can be sent, and read back where it has no "%"', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => !text.includes('%'));
    fc.assert(
      fc.property(text, (text) => {
        const header = sent(text) ?? '';
        expect(header).toMatch(/^(?:[!-~](?:[ -~]*[!-~])?)?$/);
        expect(decodeURIComponent(header)).toBe(text);
      }),
    );
  });

  test('whatever bytes there are, they can be sent, and read back where they have no "%"', () => {
    const bytes = fc.uint8Array({ maxLength: 30 }).map((each) => Buffer.from(each).toString('latin1'));
    fc.assert(
      fc.property(bytes, (bytes) => {
        fc.pre(!bytes.includes('%'));
        const header = sent([{ bytes }]) ?? '';
        expect(header).toMatch(/^(?:[!-~](?:[ -~]*[!-~])?)?$/);
        expect(header.replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))).toBe(bytes);
      }),
    );
  });

  const sign = (over: Parameters<typeof claims>[0]): RequestHeaderAction => ({
    action: 'sign',
    name: ASSERTION,
    claims: claims(over),
  });
  const REFUSED: Readonly<Record<string, readonly [action: RequestHeaderAction, over?: Partial<ActionFacts>]>> = {
    'an issuer that is another host of ours': [sign({ iss: 'app.example.com' })],
    'an issuer that is another URI': [sign({ iss: `https://${HOST}` })],
    'an audience that is a URI': [sign({ aud: `https://${HOST}/` })],
    'an audience that is another host of ours': [sign({ aud: 'app.example.com' })],
    'a subject that is someone else': [sign({ sub: 'bob' })],
    'a user that is someone else': [sign({ user: 'bob' })],
    'an email that is someone else’s': [sign({ email: 'bob@example.com' })],
    'a name that is someone else’s': [sign({ name: 'Bob' })],
    'a session that is someone else’s': [sign({ sid: 's2' })],
    'a lie under a name of the configuration’s': [
      { action: 'set', name: 'x-jwt', value: [{ sign: claims({ sub: 'bob' }) }] },
    ],
    'a text that the configuration does not have': [{ action: 'set', name: 'x-a', value: [{ config: 3 }] }],
    'another kind of caller': [sign({ caller_type: 'service_account' })],
    'a signed assertion for nobody': [sign({ sub: '', user: '' }), { caller: null }],
    'a signature under another name': [{ action: 'sign', name: 'x-other', claims: CLAIMS }],
    'a signature under an alias': [{ action: 'sign', name: 'X_Pomerium_Jwt_Assertion', claims: CLAIMS }],
    'a signature where the original user stands': [{ action: 'sign', name: ASSERTION_FOR, claims: CLAIMS }],
    'carrying where nothing was verified': [
      { action: 'carry', name: ASSERTION_FOR, from: 'original_user' },
      { original: null },
    ],
    'carrying as the caller': [{ action: 'carry', name: ASSERTION, from: 'original_user' }],
    'carrying as the caller, unverified': [{ action: 'carry', name: ASSERTION, from: 'unverified' }],
    'a credential as text': [{ action: 'set', name: 'x-pomerium-authorization', value: 'a.b.c' }],
    'an assertion as text': [{ action: 'set', name: ASSERTION, value: 'a.b.c' }],
    'an original user as text, in another spelling': [
      { action: 'set', name: 'X-Pomerium_Jwt-Assertion-For', value: 'a.b.c' },
    ],
    'a claim in another spelling': [{ action: 'set', name: 'x_pomerium_claim_email', value: 'a' }],
    Forwarded: [{ action: 'set', name: 'forwarded', value: 'for=a' }],
    'a name that is none': [{ action: 'set', name: 'x a:', value: 'a' }],
    Host: [{ action: 'set', name: 'Host', value: 'a' }],
    'Content-Length': [{ action: 'remove', name: 'content-length' }],
    'Transfer-Encoding by another spelling': [{ action: 'set', name: 'transfer_encoding', value: 'chunked' }],
  };
  test.each(Object.entries(REFUSED))('refuses %s', (_, [action, over]) => {
    expect(() => apply([action], [], over)).toThrow(refusal);
  });

  test('a line break in a text of the configuration, which the loader lets in nowhere, is refused', () => {
    const over = { headerTexts: ['a\r\nb'] };
    expect(() => apply([{ action: 'set', name: 'x-a', value: [{ config: 0 }] }], [], over)).toThrow(refusal);
  });

  const tryApply = (actions: readonly RequestHeaderAction[]): readonly Header[] => {
    try {
      return apply(actions, [
        ['x-a', '1'],
        ['x_a', '2'],
      ]);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_ENGINE_DECISION' });
      expect(error).toBeInstanceOf(BehalfError);
      return [];
    }
  };

  test('whatever is asked for, no reserved name is left but in its own spelling, each once, and no assertion that is not ours', async () => {
    const name = fc.constantFrom(
      ASSERTION,
      ASSERTION_FOR,
      'X_Pomerium_Jwt_Assertion',
      'x-pomerium-claim-email',
      'X_Pomerium-Claim.Email',
      'x-pomerium-authorization',
      'x-a',
      'X_A',
      'host',
    );
    const action: fc.Arbitrary<RequestHeaderAction> = fc.oneof(
      fc.record({ action: fc.constant('remove' as const), name }),
      fc.record({ action: fc.constant('set' as const), name, value: fc.string({ maxLength: 5 }) }),
      fc.record({
        action: fc.constant('sign' as const),
        name,
        claims: fc.constantFrom(CLAIMS, { ...CLAIMS, sub: 'bob' }),
      }),
      fc.record({ action: fc.constant('carry' as const), name, from: fc.constant('original_user' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 6 }), async (actions) => {
        const headers = tryApply(actions);
        const reserved = headers.filter(([header]) => isReservedName(header));
        expect(reserved.map(([header]) => header)).toEqual([
          ...new Set(reserved.map(([header]) => canonicalName(header))),
        ]);
        for (const [header, value] of reserved) {
          if (!header.startsWith('x-pomerium-claim-')) {
            await expect(world.verifyAssertion(value)).resolves.toMatchObject({ id: 'alice' });
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('applyResponseHeaders', () => {
  test('sets in place of what came, and removes', () => {
    expect(
      applyResponseHeaders(
        [
          ['x-frame-options', 'ALLOWALL'],
          ['x-frame-options', 'DENY'],
          ['server', 'x'],
          ['etag', '1'],
        ],
        [
          { action: 'set', name: 'X-Frame-Options', value: [{ config: 0 }] },
          { action: 'remove', name: 'Server' },
        ],
        ['SAMEORIGIN'],
      ),
    ).toEqual([
      ['etag', '1'],
      ['x-frame-options', 'SAMEORIGIN'],
    ]);
  });

  test.each([ASSERTION, 'X_Pomerium_Claim_Email', 'Content-Length', 'connection'])('refuses to set %s', (name) => {
    expect(() => applyResponseHeaders([], [{ action: 'set', name, value: '1' }], [])).toThrow(refusal);
  });

  const SECRETS: Readonly<Record<string, HeaderValue>> = {
    'an assertion': [{ sign: CLAIMS }],
    'a token': [{ token: 'id_token' }],
  };
  test.each(Object.entries(SECRETS))('refuses to tell a client %s', (_, value) => {
    expect(() => applyResponseHeaders([], [{ action: 'set', name: 'x-a', value }], [])).toThrow(refusal);
  });

  const TEXTS = ['http://localhost:8000/two/', 'http://frontend/one/', 'http://frontend/', '/'];
  const rewrite = (name: string, prefix: number, value: number): ResponseHeaderAction => ({
    action: 'rewrite',
    name,
    prefix: [{ config: prefix }],
    value: [{ config: value }],
  });
  const REWRITES: Readonly<
    Record<string, readonly [actions: readonly ResponseHeaderAction[], values: readonly string[]]>
  > = {
    'no rewrite': [[], ['http://localhost:8000/two/some/path/', 'http://frontend/x']],
    'what begins so': [[rewrite('location', 0, 1)], ['http://frontend/one/some/path/', 'http://frontend/x']],
    'what another rewrite made': [
      [rewrite('location', 0, 1), rewrite('location', 2, 3)],
      ['/one/some/path/', '/x'],
    ],
    'nothing that a later rewrite made': [
      [rewrite('location', 2, 3), rewrite('location', 0, 1)],
      ['http://frontend/one/some/path/', '/x'],
    ],
    'another header': [[rewrite('link', 0, 1)], ['http://localhost:8000/two/some/path/', 'http://frontend/x']],
    'what is set instead': [
      [rewrite('location', 0, 1), { action: 'set', name: 'location', value: [{ config: 0 }] }],
      ['http://localhost:8000/two/'],
    ],
  };
  test.each(Object.entries(REWRITES))('rewrites %s', (_, [actions, values]) => {
    const headers: Header[] = [
      ['location', 'http://localhost:8000/two/some/path/'],
      ['location', 'http://frontend/x'],
      ['etag', 'a http://localhost:8000/two/'],
    ];
    const sent = applyResponseHeaders(headers, actions, TEXTS);
    expect(sent.flatMap(([name, value]) => (name === 'location' ? [value] : []))).toEqual(values);
    expect(sent).toContainEqual(['etag', 'a http://localhost:8000/two/']);
  });

  test.each([ASSERTION, 'x_pomerium_claim_email', 'content-length'])('refuses to rewrite %s', (name) => {
    expect(() => applyResponseHeaders([], [rewrite(name, 0, 1)], TEXTS)).toThrow(refusal);
  });
});
