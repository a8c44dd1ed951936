import { afterAll, describe, expect, test } from 'vitest';
import { choosePerson } from '../support/choose-person.ts';
import type { JarBrowser } from '../support/open-jar-browser.ts';
import { raiseSignInStage, SESSION_COOKIE } from './raise-sign-in-stage.ts';

const stage = await raiseSignInStage();
afterAll(() => stage[Symbol.asyncDispose]());
const { app, wiki, provider, openBrowser, describe: describeVisit } = stage;

const hasSession = (browser: JarBrowser): boolean =>
  ['app', 'wiki', 'authenticate'].some((name) => browser.jar(`${name}.localhost`).has(SESSION_COOKIE));

const countTokenRequests = async (): Promise<number> =>
  (await provider.requests()).filter((request) => request === 'POST /token').length;

/** As far as a browser comes that stops before it visits the address that the provider sent it to. */
const beginAs = async (browser: JarBrowser, sub: string): Promise<URL> =>
  choosePerson(browser.next(await browser.visit(app)), sub, browser.cookies);

describe("a victim's browser is made to follow somebody else's sign-in", () => {
  test("by the attacker's callback: no session, and the provider is not even asked", async () => {
    const [attacker, victim] = [openBrowser(), openBrowser()];
    const callback = await beginAs(attacker, 'bob');
    const before = await countTokenRequests();
    expect(describeVisit(await victim.visit(callback))).toBe('400');
    expect(hasSession(victim)).toBe(false);
    expect(await countTokenRequests()).toBe(before);
    expect(describeVisit(await attacker.visit(callback))).toBe('bob');
  });

  test("by the attacker's callback, in the middle of a sign-in of their own", async () => {
    const [attacker, victim] = [openBrowser(), openBrowser()];
    const own = await beginAs(victim, 'alice');
    expect(describeVisit(await victim.visit(await beginAs(attacker, 'bob')))).toBe('400');
    expect(describeVisit(await victim.visit(own))).toBe('alice');
  });

  test("by the attacker's hand-over: no session, for the attacker neither any more", async () => {
    const [attacker, victim] = [openBrowser(), openBrowser()];
    const handOver = attacker.next(await attacker.send(await beginAs(attacker, 'bob')));
    expect(describeVisit(await victim.send(handOver))).toBe('400');
    expect(hasSession(victim)).toBe(false);
    expect(describeVisit(await attacker.visit(handOver))).toBe('400');
  });

  test("by the attacker's hand-over, in the middle of a sign-in of their own: it goes on, as themselves", async () => {
    const [attacker, victim] = [openBrowser(), openBrowser()];
    const handOver = attacker.next(await attacker.send(await beginAs(attacker, 'bob')));
    await victim.send(app);
    const led = await victim.visit(handOver);
    expect([hasSession(victim), victim.next(led).origin]).toEqual([false, provider.issuer]);
    const callback = await choosePerson(victim.next(led), 'alice', victim.cookies);
    expect(describeVisit(await victim.visit(callback))).toBe('alice');
    expect(describeVisit(await attacker.visit(handOver))).toBe('400');
  });

  test('by a sign-in that the attacker began, to take what is handed over', async () => {
    const [attacker, victim] = [openBrowser(), openBrowser()];
    await victim.signIn(app, 'alice');
    const begun = attacker.next(await attacker.send(app));
    const handOver = victim.next(await victim.send(begun));
    expect(handOver.origin).toBe(app);
    expect(describeVisit(await victim.visit(handOver))).toBe('alice');
    expect(describeVisit(await attacker.visit(handOver))).toBe('400');
    expect(hasSession(attacker)).toBe(false);
    expect(describeVisit(await victim.visit(app))).toBe('alice');
  });

  test('with a session of the attacker in the jar: it is not the one that they get, and it ends', async () => {
    const [attacker, victim] = [openBrowser(), openBrowser()];
    await attacker.signIn(app, 'bob');
    const planted = attacker.jar('authenticate.localhost').get(SESSION_COOKIE) ?? '';
    const callback = await beginAs(victim, 'alice');
    victim.jar('authenticate.localhost').set(SESSION_COOKIE, planted);
    expect(describeVisit(await victim.visit(callback))).toBe('alice');
    expect(victim.jar('authenticate.localhost').get(SESSION_COOKIE)).not.toBe(planted);
    expect(describeVisit(await attacker.send(app))).toBe('302');
  });

  test('to sign out, by a form of another site', async () => {
    const victim = openBrowser();
    await victim.signIn(app, 'alice');
    const form = { form: {}, headers: { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' } };
    expect(describeVisit(await victim.visit(`${app}/.pomerium/sign_out`, form))).toBe('400');
    expect(describeVisit(await victim.visit(wiki))).toBe('alice');
    const own = { form: {}, headers: { 'sec-fetch-site': 'same-origin', origin: app } };
    expect((await victim.send(`${app}/.pomerium/sign_out`, own)).status).toBe(200);
    expect((await victim.send(wiki)).status).toBe(302);
  });
});

describe('a thief has', () => {
  test("the victim's callback, but not the cookie of their browser", async () => {
    const [thief, victim] = [openBrowser(), openBrowser()];
    const callback = await beginAs(victim, 'alice');
    const before = await countTokenRequests();
    await thief.visit(app);
    expect(describeVisit(await thief.visit(callback))).toBe('400');
    expect([hasSession(thief), await countTokenRequests()]).toEqual([false, before]);
    expect(describeVisit(await victim.visit(callback))).toBe('alice');
  });

  test("the victim's code, for a sign-in of their own: PKCE and nonce say no", async () => {
    const [thief, victim] = [openBrowser(), openBrowser()];
    const code = (await beginAs(victim, 'alice')).searchParams.get('code') ?? '';
    const callback = await beginAs(thief, 'bob');
    callback.searchParams.set('code', code);
    expect(describeVisit(await thief.visit(callback))).toBe('400');
    expect(hasSession(thief)).toBe(false);
  });

  test('the whole callback and the cookie of its state, but came second', async () => {
    const [thief, victim] = [openBrowser(), openBrowser()];
    const callback = await beginAs(victim, 'alice');
    for (const [name, value] of victim.jar('authenticate.localhost'))
      thief.jar('authenticate.localhost').set(name, value);
    expect(describeVisit(await victim.visit(callback))).toBe('alice');
    const before = await countTokenRequests();
    expect(describeVisit(await thief.visit(callback))).toBe('400');
    expect([hasSession(thief), await countTokenRequests()]).toEqual([false, before]);
    expect(describeVisit(await victim.visit(app))).toBe('alice');
  });

  test('a hand-over that was taken, and all cookies from before', async () => {
    const [thief, victim] = [openBrowser(), openBrowser()];
    const handOver = victim.next(await victim.send(await beginAs(victim, 'alice')));
    for (const [name, value] of victim.jar('app.localhost')) thief.jar('app.localhost').set(name, value);
    expect(describeVisit(await victim.visit(handOver))).toBe('alice');
    expect(describeVisit(await thief.visit(handOver))).toBe('400');
    expect(thief.jar('app.localhost').has(SESSION_COOKIE)).toBe(false);
    expect(describeVisit(await victim.visit(app))).toBe('alice');
  });

  test('a hand-over for one host, and tries it at another', async () => {
    const browser = openBrowser();
    const handOver = browser.next(await browser.send(await beginAs(browser, 'alice')));
    const secret = browser.jar('app.localhost').get('__Host-_pomerium_browser') ?? '';
    browser.jar('wiki.localhost').set('__Host-_pomerium_browser', secret);
    expect(describeVisit(await browser.visit(`${wiki}${handOver.pathname}${handOver.search}`))).toBe('400');
    expect(browser.jar('wiki.localhost').has(SESSION_COOKIE)).toBe(false);
    // Whoever brings it, right or wrong, is the last one.
    expect(describeVisit(await browser.visit(handOver))).toBe('400');
    expect(browser.jar('app.localhost').has(SESSION_COOKIE)).toBe(false);
  });

  test('a hand-over in another browser, which begins once more, and not for ever', async () => {
    const browser = openBrowser();
    const become = (secret: string) => browser.jar('app.localhost').set('__Host-_pomerium_browser', secret);
    const handOver = browser.next(await browser.send(await beginAs(browser, 'alice')));
    become('another'.padEnd(43, 'x'));
    const begun = browser.next(await browser.send(handOver));
    const handOverAgain = browser.next(await browser.send(begun));
    expect(handOverAgain.origin).toBe(app);
    become('and another'.padEnd(43, 'x'));
    expect((await browser.send(handOverAgain)).status).toBe(400);
    expect(browser.jar('app.localhost').has(SESSION_COOKIE)).toBe(false);
  });

  test.each([':1', ':65536', ':0', ''])(
    'a server of their own, and begins at the host with the port "%s"',
    async (port) => {
      const [thief, victim] = [openBrowser(), openBrowser()];
      const host = `app.localhost${port}`;
      const begun = await thief.send(app, { headers: { host } });
      expect([begun.status, begun.header('location')]).toEqual([401, null]);
      const link = await thief.send(`${app}/.pomerium/sign_in`, { headers: { host } });
      expect([link.status, link.header('location')]).toEqual([404, null]);
      const failed = await thief.send(`${app}/.pomerium/callback/?handover=x`, { headers: { host } });
      expect([failed.status, failed.body.includes('/.pomerium/sign_in')]).toEqual([400, false]);
      expect(describeVisit(await victim.signIn(app, 'alice'))).toBe('alice');
    },
  );

  test('a script on the host that signs out there, and the address to go on to: it shows them no ID token', async () => {
    const [thief, victim] = [openBrowser(), openBrowser()];
    await victim.signIn(app, 'alice');
    await thief.signIn(app, 'bob');
    const own = { 'sec-fetch-site': 'same-origin', accept: 'application/json' };
    const answer = await victim.send(`${app}/.pomerium/sign_out`, { form: {}, headers: own });
    const next: string = JSON.parse(answer.body)['continue_url'];
    const isToldWho = async (browser: JarBrowser) =>
      browser.next(await browser.send(next)).searchParams.has('id_token_hint');
    expect(await isToldWho(openBrowser())).toBe(false);
    expect(await isToldWho(thief)).toBe(false);
    expect(await isToldWho(victim)).toBe(true);
  });

  test('two copies of a hand-over at once: one is taken', async () => {
    const browser = openBrowser();
    const handOver = browser.next(await browser.send(await beginAs(browser, 'alice')));
    const answers = await Promise.all(Array.from({ length: 8 }, () => browser.send(handOver)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([302, ...Array(7).fill(400)]);
  });
});
