import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AssertionClaims, Caller, RequestHeaderAction } from '../../src/engine/documents.ts';
import { BehalfError } from '../../src/errors.ts';
import { type Identity, openIdentity } from '../../src/identity/open-identity.ts';
import { type ActionFacts, applyRequestHeaders } from '../../src/proxy/apply-request-headers.ts';
import { applyResponseHeaders } from '../../src/proxy/apply-response-headers.ts';
import type { Header } from '../../src/proxy/header.ts';
import { ASSERTION, ASSERTION_FOR, canonicalName, isReservedName } from '../../src/proxy/reserved-names.ts';
import { VerifiedAssertion } from '../../src/proxy/verified-assertion.ts';

const HOST = 'api.example.com';
const CALLER: Caller = {
  type: 'user',
  id: 'alice',
  email: 'alice@example.com',
  name: '',
  groups: [],
  claims: {},
  session_id: '',
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
  sid: '',
  caller_type: 'user',
};

let folder: string;
let identity: Identity;
let facts: ActionFacts;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'behalf-'));
  identity = await openIdentity({
    stateDir: join(folder, 'state'),
    sharedSecret: null,
    signingKey: null,
    provider: null,
    servesHost: (host) => host === HOST,
  });
  const token = await identity.signAssertion(CLAIMS, null);
  facts = { host: HOST, caller: CALLER, original: await VerifiedAssertion.verify(identity, token) };
});

afterAll(async () => {
  await identity[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const apply = (
  actions: readonly RequestHeaderAction[],
  headers: readonly Header[] = [],
  over: Partial<ActionFacts> = {},
) => applyRequestHeaders(headers, actions, { ...facts, ...over }, identity);

describe('applyRequestHeaders', () => {
  test('in the order of the actions: the last word on a name counts', async () => {
    const headers = await apply(
      [
        { action: 'set', name: 'X-A', value: '1' },
        { action: 'set', name: 'x-b', value: '1' },
        { action: 'remove', name: 'x_a' },
        { action: 'set', name: 'x-b', value: '2' },
      ],
      [
        ['x-c', 'stays'],
        ['x_a', 'client’s'],
      ],
    );
    expect(headers).toEqual([
      ['x-c', 'stays'],
      ['x-b', '2'],
    ]);
  });

  test('signs what is true, and carries what was verified byte for byte', async () => {
    const headers = new Map(
      await apply([
        { action: 'sign', name: ASSERTION, claims: CLAIMS },
        { action: 'carry', name: ASSERTION_FOR, from: 'original_user' },
      ]),
    );
    expect(headers.get(ASSERTION_FOR)).toBe(facts.original?.token);
    await expect(identity.verifyAssertion(headers.get(ASSERTION) ?? '')).resolves.toMatchObject({
      id: 'alice',
      issuer: HOST,
    });
  });

  const sign = (over: Partial<AssertionClaims>): RequestHeaderAction => ({
    action: 'sign',
    name: ASSERTION,
    claims: { ...CLAIMS, ...over },
  });
  const REFUSED: Readonly<Record<string, readonly [action: RequestHeaderAction, over?: Partial<ActionFacts>]>> = {
    'an issuer that is another host': [sign({ iss: 'api2.example.com' })],
    'an audience that is another host': [sign({ aud: 'api2.example.com' })],
    'a subject that is someone else': [sign({ sub: 'bob' })],
    'a user that is someone else': [sign({ user: 'bob' })],
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
    'an assertion as text': [{ action: 'set', name: ASSERTION, value: 'a.b.c' }],
    'an original user as text, in another spelling': [
      { action: 'set', name: 'X-Pomerium_Jwt-Assertion-For', value: 'a.b.c' },
    ],
    'a claim in another spelling': [{ action: 'set', name: 'x_pomerium_claim_email', value: 'a' }],
    'a line break in a value': [{ action: 'set', name: 'x-a', value: 'a\r\nX-Pomerium-Claim-Email: b' }],
    'a value beyond Latin-1': [{ action: 'set', name: 'x-a', value: '€' }],
    'a name that is none': [{ action: 'set', name: 'x a:', value: 'a' }],
    Host: [{ action: 'set', name: 'Host', value: 'a' }],
    'Content-Length': [{ action: 'remove', name: 'content-length' }],
    'Transfer-Encoding by another spelling': [{ action: 'set', name: 'transfer_encoding', value: 'chunked' }],
  };
  test.each(Object.entries(REFUSED))('refuses %s', async (_, [action, over]) => {
    await expect(apply([action], [], over)).rejects.toThrow(expect.objectContaining({ code: 'ERR_ENGINE_DECISION' }));
  });

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
        const headers = await apply(actions, [
          ['x-a', '1'],
          ['x_a', '2'],
        ]).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'ERR_ENGINE_DECISION' });
          expect(error).toBeInstanceOf(BehalfError);
          return [];
        });
        const reserved = headers.filter(([header]) => isReservedName(header));
        expect(reserved.map(([header]) => header)).toEqual([
          ...new Set(reserved.map(([header]) => canonicalName(header))),
        ]);
        for (const [header, value] of reserved) {
          if (!header.startsWith('x-pomerium-claim-')) {
            await expect(identity.verifyAssertion(value)).resolves.toMatchObject({ id: 'alice' });
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
          { action: 'set', name: 'X-Frame-Options', value: 'SAMEORIGIN' },
          { action: 'remove', name: 'Server' },
        ],
      ),
    ).toEqual([
      ['etag', '1'],
      ['x-frame-options', 'SAMEORIGIN'],
    ]);
  });

  test.each([ASSERTION, 'X_Pomerium_Claim_Email', 'Content-Length', 'connection'])('refuses to set %s', (name) => {
    expect(() => applyResponseHeaders([], [{ action: 'set', name, value: '1' }])).toThrow(
      expect.objectContaining({ code: 'ERR_ENGINE_DECISION' }),
    );
  });
});
