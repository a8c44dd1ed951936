import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BehalfError } from '../../src/errors.ts';
import type { OpenIdClient, SignedIn } from '../../src/openid/openid-client.ts';
import { choosePerson } from '../support/choose-person.ts';
import { OPENID_PEOPLE, type RunningOpenIdProvider, startOpenIdProvider } from '../support/start-openid-provider.ts';
import { AUTHENTICATE, CALLBACK, openClient, outcomeOf, SECRETS, warnings } from './open-client.ts';

/** Against a real oidc-provider, as a process of its own. */

let provider: RunningOpenIdProvider;
let client: OpenIdClient;

beforeAll(async () => {
  provider = await startOpenIdProvider({ authenticateUrl: AUTHENTICATE });
});
afterAll(() => provider[Symbol.asyncDispose]());
beforeEach(() => {
  client = openClient(provider);
});
afterEach(async () => {
  client[Symbol.dispose]();
  await provider.setTrouble(null);
  await provider.setPeople(OPENID_PEOPLE);
  await provider.setLifetimes({ idToken: 3600, accessToken: 3600, refreshToken: 86_400 });
  await provider.shiftClock(0);
});

async function signIn(sub: string, secrets = SECRETS): Promise<SignedIn> {
  return client.finish(await choosePerson(await client.begin(CALLBACK, secrets), sub), secrets);
}
const nowSeconds = (): number => Math.floor(Date.now() / 1000);
const refused = (reason: string, problem: string): string =>
  `ERR_SIGN_IN_FAILED: ${reason}: the sign-in is refused by the provider: ${problem}`;

describe('a sign-in', () => {
  test('asks for a code with PKCE, state and nonce', async () => {
    client = openClient({ ...provider, requestParams: { prompt: 'login', state: 'mine', response_type: 'token' } });
    const url = await client.begin(CALLBACK, SECRETS);
    expect(`${url.origin}${url.pathname}`).toBe(`${provider.issuer}/auth`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'behalf',
      prompt: 'login',
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid profile email offline_access',
      state: SECRETS.state,
      nonce: SECRETS.nonce,
      code_challenge: createHash('sha256').update(SECRETS.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
  });

  test('gives the person, of ID token and userinfo', async () => {
    const { person, providerSid, tokens } = await signIn('alice');
    const { claims, ...rest } = person;
    expect(rest).toEqual({
      id: 'alice',
      email: 'alice@companydomain.com',
      name: 'Alice',
      groups: ['engineering'],
    });
    expect(claims).toMatchObject({
      iss: [provider.issuer],
      aud: ['behalf'],
      sid: [providerSid],
      email_verified: [true],
    });
    expect(claims).not.toHaveProperty('nonce');
    expect(tokens).toEqual({
      idToken: expect.stringMatching(/^ey/),
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresAt: expect.any(Number),
    });
    expect(Math.abs(tokens.expiresAt - nowSeconds() - 3600)).toBeLessThan(60);
  });

  test('without an email that is verified gives none', async () => {
    await provider.setPeople([
      { sub: 'eve', email: 'alice@companydomain.com', name: '', groups: [], emailVerified: false },
    ]);
    const { person } = await signIn('eve');
    expect([person.email, person.name, 'email' in person.claims]).toEqual(['', '', false]);
  });

  test('that a person cancels is none', async () => {
    expect(await outcomeOf(signIn(''))).toBe(refused('access-denied', 'access_denied'));
  });

  test('works once', async () => {
    const callback = await choosePerson(await client.begin(CALLBACK, SECRETS), 'alice');
    const outcomes = [
      await outcomeOf(client.finish(callback, SECRETS)),
      await outcomeOf(client.finish(callback, SECRETS)),
    ];
    expect(outcomes).toEqual(['ok', refused('code', '"invalid_grant"')]);
  });

  test('takes no code of another: neither without its verifier nor with its nonce', async () => {
    const of = async (secrets: typeof SECRETS) => {
      const callback = await choosePerson(await client.begin(CALLBACK, secrets), 'alice');
      return outcomeOf(client.finish(callback, SECRETS));
    };
    expect(await of({ ...SECRETS, codeVerifier: 'w'.repeat(43) })).toBe(refused('code', '"invalid_grant"'));
    expect(await of({ ...SECRETS, nonce: 'another' })).toBe(
      'ERR_SIGN_IN_FAILED: nonce: the sign-in cannot be believed: of the provider\'s ID token, unexpected ID Token "nonce" claim value',
    );
    expect(await of(SECRETS)).toBe('ok');
  });

  test('with another secret is none, and says what to check', async () => {
    client = openClient({ issuer: provider.issuer, clientSecret: 'another' });
    expect(await outcomeOf(signIn('alice'))).toBe(
      `ERR_PROVIDER_UNAVAILABLE: client-refused: the identity provider "${provider.issuer}": refuses this client: check idp_client_id and idp_client_secret`,
    );
  });
});

describe('the clocks', () => {
  const cases = { '50 s apart is a sign-in': [-50, 'ok'], '90 s apart is none': [-90, 'id-token'] } as const;
  for (const [name, [seconds, outcome]] of Object.entries(cases)) {
    test(name, async () => {
      await provider.setLifetimes({ idToken: 10 });
      await provider.shiftClock(seconds);
      const result = await signIn('alice').then(
        () => 'ok',
        ({ reason }) => reason,
      );
      expect(result).toBe(outcome);
    });
  }
});

describe('a refresh', () => {
  test('brings new tokens, and who the person is now', async () => {
    const { person, tokens, providerSid } = await signIn('bob');
    await provider.setPeople([{ sub: 'bob', email: 'bob@elsewhere.example', name: 'Bob B.', groups: ['support'] }]);
    const refreshed = await client.refresh(tokens, person);
    if (refreshed.kind !== 'refreshed') throw new Error(refreshed.detail);
    expect(refreshed).toMatchObject({
      providerSid,
      person: { id: 'bob', email: 'bob@elsewhere.example', name: 'Bob B.', groups: ['support'] },
    });
    expect(refreshed.tokens.refreshToken).not.toBe(tokens.refreshToken);
    expect(refreshed.tokens.accessToken).not.toBe(tokens.accessToken);
    expect((await client.refresh(refreshed.tokens, refreshed.person)).kind).toBe('refreshed');
  });

  test('that the provider refuses ends', async () => {
    const { person, tokens } = await signIn('bob');
    await provider.setPeople([]);
    expect(await client.refresh(tokens, person)).toEqual({
      kind: 'ended',
      detail: 'the sign-in is refused by the provider: "invalid_grant"',
    });
  });

  test('without a refresh token ends', async () => {
    await provider.setLifetimes({ refreshToken: 0 });
    const { person, tokens } = await signIn('bob');
    expect(tokens.refreshToken).toBeNull();
    expect((await client.refresh(tokens, person)).kind).toBe('ended');
  });

  test('for somebody else ends', async () => {
    const { tokens } = await signIn('bob');
    const { person } = await signIn('alice');
    expect(await client.refresh(tokens, person)).toEqual({
      kind: 'ended',
      detail: 'the sign-in is renewed for somebody else',
    });
  });

  for (const kind of ['hang', 'fail', 'cut'] as const) {
    test(`of a provider that does not answer (${kind}) is for later`, async () => {
      const { person, tokens } = await signIn('bob');
      await provider.setTrouble({ kind, paths: ['/token'] });
      expect((await client.refresh(tokens, person)).kind).toBe('unavailable');
      await provider.setTrouble(null);
      expect((await client.refresh(tokens, person)).kind).toBe('refreshed');
    });
  }

  test('without userinfo keeps the person for no longer than before, and the new refresh token', async () => {
    const { person, tokens } = await signIn('bob');
    await provider.setTrouble({ kind: 'fail', paths: ['/me'] });
    await provider.setPeople([{ sub: 'bob', email: '', name: 'Bob', groups: [] }]);
    const refreshed = await client.refresh(tokens, person);
    if (refreshed.kind !== 'refreshed') throw new Error(refreshed.detail);
    expect(refreshed.person).toEqual(person);
    expect(refreshed.tokens.refreshToken).not.toBe(tokens.refreshToken);
    expect(refreshed.tokens.expiresAt).toBe(tokens.expiresAt);
    expect(warnings).toEqual(['a session is refreshed without userinfo']);
    await provider.setTrouble(null);
    expect(await client.refresh(refreshed.tokens, person)).toMatchObject({ kind: 'refreshed', person: { groups: [] } });
  });
});

describe('a provider that is away', () => {
  test('stops nothing, and is asked again', async () => {
    await provider.stop();
    const unavailable = expect.stringMatching(
      /^ERR_PROVIDER_UNAVAILABLE: the identity provider ".*": connect ECONNREFUSED/,
    );
    expect(await Promise.all([1, 2, 3].map(() => outcomeOf(client.begin(CALLBACK, SECRETS))))).toEqual([
      unavailable,
      unavailable,
      unavailable,
    ]);
    expect(warnings).toEqual(['the identity provider cannot be asked']);
    expect(await client.buildSignOutUrl('a.b.c', `${AUTHENTICATE}/.pomerium/signed_out`)).toBeNull();
    await provider.start();
    await expect.poll(() => outcomeOf(client.begin(CALLBACK, SECRETS))).toBe('ok');
  });

  test('after a sign-in is said to be', async () => {
    const callback = await choosePerson(await client.begin(CALLBACK, SECRETS), 'alice');
    await provider.setTrouble({ kind: 'fail' });
    await expect(client.finish(callback, SECRETS)).rejects.toThrow(BehalfError);
    await provider.setTrouble(null);
    expect(await outcomeOf(client.finish(callback, SECRETS))).toBe('ok');
  });
});

describe('a sign-out', () => {
  test('goes to the provider, with the token that says who', async () => {
    const { tokens } = await signIn('alice');
    const url = await client.buildSignOutUrl(tokens.idToken, `${AUTHENTICATE}/.pomerium/signed_out`);
    expect(`${url?.origin}${url?.pathname}`).toBe(`${provider.issuer}/session/end`);
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
      client_id: 'behalf',
      id_token_hint: tokens.idToken,
      post_logout_redirect_uri: `${AUTHENTICATE}/.pomerium/signed_out`,
    });
    expect((await fetch(url ?? '')).status).toBe(200);
  });

  test("says in Cognito's words where to go on", async () => {
    using cognito = openClient({ ...provider, signedOutParam: 'logout_uri' });
    const url = await cognito.buildSignOutUrl(null, `${AUTHENTICATE}/.pomerium/signed_out`);
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
      client_id: 'behalf',
      logout_uri: `${AUTHENTICATE}/.pomerium/signed_out`,
    });
  });

  test('of nobody that it knows has the provider ask', async () => {
    const url = await client.buildSignOutUrl(null, `${AUTHENTICATE}/.pomerium/signed_out`);
    expect(url?.searchParams.has('id_token_hint')).toBe(false);
    expect(url?.searchParams.get('client_id')).toBe(provider.clientId);
  });

  test('does not make an address that nobody takes', async () => {
    const url = await client.buildSignOutUrl('x'.repeat(4097), `${AUTHENTICATE}/.pomerium/signed_out`);
    expect(url?.searchParams.has('id_token_hint')).toBe(false);
  });
});
