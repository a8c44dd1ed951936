import { createHash, randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import type { JarBrowser, Visited } from '../support/open-jar-browser.ts';
import { pressConsent, readFields } from '../support/press-consent.ts';
import { raiseSignInStage, SESSION_COOKIE } from './raise-sign-in-stage.ts';

const stage = await raiseSignInStage();
afterAll(() => stage[Symbol.asyncDispose]());
const { app, wiki, authenticate, openBrowser, describe: describeVisit } = stage;

const REDIRECT_URI = 'http://127.0.0.1:1/secret-path';
const hash = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
const makeVerifier = (): string => randomBytes(32).toString('base64url');

const program = openBrowser();
const PROGRAM = { accept: '*/*', 'sec-fetch-mode': [], 'sec-fetch-dest': [], 'sec-fetch-site': [] };

/** What a program asks on a route's host, with one thing changed. */
const ask = (site: string, verifier: string, changed: Record<string, string | null> = {}): Promise<Visited> => {
  const query = { pomerium_redirect_uri: REDIRECT_URI, code_challenge: hash(verifier), code_challenge_method: 'S256' };
  const kept = Object.entries({ ...query, ...changed }).flatMap(([name, value]) =>
    value === null ? [] : [[name, value]],
  );
  return program.send(`${site}/.pomerium/api/v1/login?${new URLSearchParams(kept)}`, { headers: PROGRAM });
};

/** The page that asks somebody, who is signed in already or signs in on the way. */
const openConsent = async (browser: JarBrowser, site: string, verifier: string, sub: string): Promise<Visited> => {
  const { body: url } = await ask(site, verifier);
  return browser.jar('authenticate.localhost').has(SESSION_COOKIE) ? browser.visit(url) : browser.signIn(url, sub);
};

const takeCode = async (browser: JarBrowser, site: string, verifier: string, sub: string): Promise<string> => {
  const page = await openConsent(browser, site, verifier, sub);
  return browser.next(await pressConsent(browser, page, 'allow')).searchParams.get('code') ?? '';
};

const trade = (site: string, code: string, verifier: string): Promise<Visited> =>
  program.send(`${site}/.pomerium/api/v1/token`, { form: { code, code_verifier: verifier }, headers: PROGRAM });

const tokenOf = (visited: Visited): string => JSON.parse(visited.body).token;
const whyOf = (visited: Visited): string => `${visited.status} ${JSON.parse(visited.body).error_description}`;

const call = (site: string, token: string): Promise<Visited> =>
  program.send(`${site}/a`, { headers: { ...PROGRAM, authorization: `Bearer Pomerium-${token}` } });

describe('a thief has', () => {
  test('the code, but not the secret of the program that asked; nobody has the code after that', async () => {
    const [alice, verifier] = [openBrowser(), makeVerifier()];
    const code = await takeCode(alice, app, verifier, 'alice');
    expect(whyOf(await trade(app, code, makeVerifier()))).toBe(
      '400 code_verifier is not the one of the code_challenge',
    );
    expect(whyOf(await trade(app, code, verifier))).toBe('400 the code was used before');
    const good = await trade(app, await takeCode(alice, app, verifier, 'alice'), verifier);
    expect(describeVisit(await call(app, tokenOf(good)))).toBe('alice');
  });

  test('the code and the secret, but came second', async () => {
    const verifier = makeVerifier();
    const code = await takeCode(openBrowser(), app, verifier, 'alice');
    const answers = await Promise.all(Array.from({ length: 6 }, () => trade(app, code, verifier)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400, 400, 400, 400, 400]);
    expect(whyOf(await trade(app, code, verifier))).toBe('400 the code was used before');
  });

  test('the code for one host, and trades it on another', async () => {
    const verifier = makeVerifier();
    const code = await takeCode(openBrowser(), app, verifier, 'alice');
    expect(whyOf(await trade(wiki, code, verifier))).toBe('400 the code is for another host');
  });

  test('the token for one host, and shows it on another', async () => {
    const [alice, verifier] = [openBrowser(), makeVerifier()];
    const token = tokenOf(await trade(app, await takeCode(alice, app, verifier, 'alice'), verifier));
    expect(describeVisit(await call(app, token))).toBe('alice');
    const elsewhere = await call(wiki, token);
    expect([elsewhere.status, JSON.parse(elsewhere.body).reasons]).toEqual([401, ['audience']]);
    expect((await call(authenticate, token)).status).not.toBe(200);
  });

  test('the token, which ends with the session', async () => {
    const [alice, verifier] = [openBrowser(), makeVerifier()];
    const token = tokenOf(await trade(app, await takeCode(alice, app, verifier, 'alice'), verifier));
    const own = { form: {}, headers: { 'sec-fetch-site': 'same-origin', origin: authenticate } };
    expect((await alice.send(`${authenticate}/.pomerium/sign_out`, own)).status).toBe(200);
    const after = await call(app, token);
    expect([after.status, JSON.parse(after.body).reasons]).toEqual([401, ['revoked']]);
  });
});

describe('names nobody:', () => {
  test('a token of another kind, in another place, or changed', async () => {
    const [alice, verifier] = [openBrowser(), makeVerifier()];
    const token = tokenOf(await trade(app, await takeCode(alice, app, verifier, 'alice'), verifier));
    const account = await stage.behalf.createServiceAccount('app-service');
    const [header = '', payload = '', signature = ''] = token.split('.');
    const [accountHeader = '', accountPayload = '', accountSignature = ''] = account.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = {
      'another host': `${header}.${encode({ ...claims, aud: 'wiki.localhost' })}.${signature}`,
      'another person': `${header}.${encode({ ...claims, sub: 'bob' })}.${signature}`,
      'no algorithm': `${encode({ alg: 'none', typ: 'behalf-program+jwt' })}.${payload}.`,
      'the header of a service account': `${accountHeader}.${payload}.${signature}`,
      "a service account's with the header of a program": `${header}.${accountPayload}.${accountSignature}`,
      cut: token.slice(0, -4),
      'the code': await takeCode(alice, app, verifier, 'alice'),
    };
    for (const [name, value] of Object.entries(forged))
      expect(`${name} ${(await call(app, value)).status}`).toBe(`${name} 401`);
    const bare = { headers: { ...PROGRAM, authorization: `Bearer ${token}` } };
    expect((await program.send(app, bare)).status).toBe(401);
    const assertion = {
      headers: { ...PROGRAM, 'x-pomerium-jwt-assertion': token, authorization: `Pomerium ${account}` },
    };
    expect((await program.send(app, assertion)).status).toBe(403);
    const thief = openBrowser();
    thief.jar('app.localhost').set(SESSION_COOKIE, token);
    expect((await thief.send(app)).status).toBe(302);
    expect(describeVisit(await call(app, token))).toBe('alice');
  });

  test('a cookie beside a token, whoever it is of', async () => {
    const [alice, bob, verifier] = [openBrowser(), openBrowser(), makeVerifier()];
    const token = tokenOf(await trade(app, await takeCode(alice, app, verifier, 'alice'), verifier));
    expect(describeVisit(await bob.signIn(app, 'bob'))).toBe('bob');
    const both = await bob.send(app, { headers: { ...PROGRAM, authorization: `Pomerium ${token}` } });
    expect(describeVisit(both)).toBe('alice');
  });
});

describe('what a program asks', () => {
  const verifier = makeVerifier();
  const refused: Record<string, readonly [Record<string, string | null>, number]> = {
    'a foreign host': [{ pomerium_redirect_uri: 'http://evil.example/' }, 400],
    'a host that begins as loopback': [{ pomerium_redirect_uri: 'http://127.0.0.1.evil.example/' }, 400],
    'a user that looks like loopback': [{ pomerium_redirect_uri: 'http://127.0.0.1@evil.example/' }, 400],
    'another scheme': [{ pomerium_redirect_uri: 'javascript://127.0.0.1/%0aalert(1)' }, 400],
    'no PKCE': [{ code_challenge: null, code_challenge_method: null }, 400],
    'PKCE in clear': [{ code_challenge: verifier, code_challenge_method: 'plain' }, 400],
    'no address': [{ pomerium_redirect_uri: null }, 404],
  };
  test.each(Object.entries(refused))('%s is refused', async (_, [changed, status]) => {
    expect((await ask(app, verifier, changed)).status).toBe(status);
  });

  test('its twin is not, and no other host is asked', async () => {
    expect((await ask(app, verifier)).body).toMatch(
      new RegExp(`^${authenticate}/.pomerium/consent\\?request=[\\w-]+$`),
    );
    expect((await ask(authenticate, verifier)).status).toBe(404);
  });

  test('nothing is there twice, and nothing is asked in another way', async () => {
    const { url } = await ask(app, verifier);
    for (const name of url.searchParams.keys()) {
      const twice = new URL(url);
      twice.searchParams.append(name, url.searchParams.get(name) ?? '');
      expect((await program.send(twice, { headers: PROGRAM })).status).toBe(400);
    }
    const posted = await program.send(url, { headers: PROGRAM, form: {} });
    expect([posted.status, posted.header('allow')]).toEqual([405, 'GET, HEAD']);
    const got = await program.send(`${app}/.pomerium/api/v1/token?code=a&code_verifier=b`, { headers: PROGRAM });
    expect([got.status, got.header('allow')]).toEqual([405, 'POST']);
  });
});

describe('nobody says yes for somebody else', () => {
  const alice = openBrowser();
  const press = (page: Visited, form: Record<string, string>, headers: Record<string, string>): Promise<Visited> =>
    alice.send(`${authenticate}/.pomerium/consent`, { form: { ...readFields(page.body), ...form }, headers });
  const OWN = { 'sec-fetch-site': 'same-origin', origin: authenticate };

  test('a form of another site, of a sibling host, or of no browser', async () => {
    const page = await openConsent(alice, app, makeVerifier(), 'alice');
    for (const headers of [
      { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' },
      { 'sec-fetch-site': 'same-site', origin: app },
      { 'sec-fetch-site': 'none', origin: 'null' },
    ]) {
      const { status, body } = await press(page, { answer: 'allow' }, headers);
      expect([status, body.includes('code=')]).toEqual([400, false]);
    }
    expect(alice.next(await press(page, { answer: 'allow' }, OWN)).searchParams.has('code')).toBe(true);
  });

  test('a GET, or a form that was answered by neither button', async () => {
    const page = await openConsent(alice, app, makeVerifier(), 'alice');
    const query = new URLSearchParams({ ...readFields(page.body), answer: 'allow' });
    expect((await alice.send(`${authenticate}/.pomerium/consent?${query}`)).body).toContain('<form');
    const denied = alice.next(await press(page, {}, OWN));
    expect(denied.href).toBe(`${REDIRECT_URI}?error=access_denied`);
  });

  test('whoever signed in since in the same browser is asked anew', async () => {
    const [browser, bob] = [openBrowser(), openBrowser()];
    const page = await openConsent(browser, app, makeVerifier(), 'alice');
    await bob.signIn(app, 'bob');
    const planted = bob.jar('authenticate.localhost').get(SESSION_COOKIE) ?? '';
    browser.jar('authenticate.localhost').set(SESSION_COOKIE, planted);
    const again = await pressConsent(browser, page, 'allow');
    expect([again.status, again.body.includes('bob@companydomain.com')]).toEqual([200, true]);
    expect(again.header('refresh')).toBe(null);
  });

  test('the page stands in no frame, and its address in no other page', async () => {
    const page = await openConsent(alice, app, makeVerifier(), 'alice');
    expect(page.header('x-frame-options')).toBe('DENY');
    expect(page.header('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.header('content-security-policy')).toContain("form-action 'self'");
    expect(page.header('cache-control')).toBe('no-store');
    expect((await pressConsent(alice, page, 'allow')).header('referrer-policy')).toBe('no-referrer');
  });

  test('a question that was not asked here', async () => {
    const page = await openConsent(alice, app, makeVerifier(), 'alice');
    const sealed = readFields(page.body)['request'] ?? '';
    const changed = `${sealed.slice(0, -2)}${sealed.at(-2) === 'A' ? 'Q' : 'A'}${sealed.slice(-1)}`;
    expect((await press(page, { request: changed, answer: 'allow' }, OWN)).status).toBe(400);
  });
});
