import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Chooser } from '../../src/sign-in/open-sign-in.ts';
import { choosePerson } from '../support/choose-person.ts';
import { openJarBrowser } from '../support/open-jar-browser.ts';
import { type RaisedSignIn, raiseSignIn } from './support/raise-sign-in.ts';

const SESSION = '__Host-_pomerium';

let stage: RaisedSignIn;
beforeAll(async () => {
  stage = await raiseSignIn();
});
afterAll(() => stage[Symbol.asyncDispose]());

const liveSids = (): string[] =>
  stage.sessions
    .list()
    .filter(({ endedAt }) => endedAt === null)
    .map(({ sid }) => sid);

describe('signing in', () => {
  test.each(['/', '/reports/1?year=2026&q=a%20b', '/?redirect=https://elsewhere.example/', `/${'x'.repeat(2047)}`])(
    'leads back to %s',
    async (target) => {
      const visited = await openJarBrowser(stage.port).signIn(`${stage.app}${target}`, 'alice');
      expect(visited.status).toBe(200);
      expect(visited.url.href).toBe(`${stage.app}${target}`);
      expect(visited.body).toContain('for alice');
    },
  );

  test('leads to the first page where what was asked for is too long', async () => {
    const visited = await openJarBrowser(stage.port).signIn(`${stage.app}/${'x'.repeat(2048)}`, 'alice');
    expect(visited.url.href).toBe(`${stage.app}/`);
  });

  test('is done once for all hosts', async () => {
    const browser = openJarBrowser(stage.port);
    await browser.signIn(stage.app, 'alice');
    const before = await stage.provider.requests();
    const visited = await browser.visit(`${stage.wiki}/a`);
    expect(visited.body).toBe('wiki.localhost/a for alice');
    expect(await stage.provider.requests()).toEqual(before);
    const values = ['app', 'wiki', 'authenticate'].map((name) => browser.jar(`${name}.localhost`).get(SESSION));
    expect(new Set(values).size).toBe(3);
  });

  test('gives cookies that no script and no sibling host can touch, and that say nothing', async () => {
    const browser = openJarBrowser(stage.port);
    const asked = await browser.send(`${stage.app}/a`);
    expect(asked.setCookies).toEqual([
      expect.stringMatching(
        /^__Host-_pomerium_browser=[\w-]{43}; Max-Age=86400; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
      ),
    ]);
    const sent = await browser.send(browser.next(asked));
    expect(sent.setCookies).toEqual([
      expect.stringMatching(
        /^__Host-_pomerium_state_[\w-]{8}=[\w-]{300,900}; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
      ),
    ]);
    const back = await browser.send(await choosePerson(browser.next(sent), 'alice'));
    const session = /^__Host-_pomerium=[\w-]{64}; Max-Age=\d{4,5}; Path=\/; Secure; HttpOnly; SameSite=Lax$/;
    expect(back.setCookies).toEqual([
      expect.stringMatching(/^__Host-_pomerium_state_[\w-]{8}=; Max-Age=0; Path=\/; Secure; HttpOnly; SameSite=Lax$/),
      expect.stringMatching(session),
    ]);
    expect([back.header('referrer-policy'), back.header('cache-control')]).toEqual(['no-referrer', 'no-store']);
    const taken = await browser.send(browser.next(back));
    expect(taken.setCookies).toEqual([expect.stringMatching(session)]);
    expect([taken.header('referrer-policy'), taken.header('cache-control')]).toEqual(['no-referrer', 'no-store']);
    expect(browser.next(taken)?.href).toBe(`${stage.app}/a`);
  });

  test('keeps the browser cookie that another tab has', async () => {
    const browser = openJarBrowser(stage.port);
    await browser.send(`${stage.app}/a`);
    const first = browser.jar('app.localhost').get('__Host-_pomerium_browser');
    await browser.send(`${stage.app}/b`);
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(browser.jar('app.localhost').get('__Host-_pomerium_browser')).toBe(first);
  });

  test('in two tabs at once leads each to its page, and leaves one session', async () => {
    const browser = openJarBrowser(stage.port);
    const before = liveSids();
    const tabs = [await browser.visit(`${stage.app}/one`), await browser.visit(`${stage.wiki}/two`)];
    const callbacks: URL[] = [];
    for (const tab of tabs) {
      callbacks.push(await choosePerson(browser.next(tab), 'alice', browser.cookies));
    }
    const visited = [];
    for (const callback of callbacks) visited.push((await browser.visit(callback)).body);
    expect(visited).toEqual(['app.localhost/one for alice', 'wiki.localhost/two for alice']);
    expect(liveSids().filter((sid) => !before.includes(sid))).toHaveLength(1);
    expect((await browser.send(`${stage.app}/more`)).body).toBe('app.localhost/more for alice');
  });

  test('in two tabs that began at once, of whose browser cookies one is left, leads each to its page', async () => {
    const browser = openJarBrowser(stage.port);
    const callbacks: URL[] = [];
    for (const path of ['/one', '/two']) {
      browser.jar('app.localhost').clear();
      const tab = await browser.visit(`${stage.app}${path}`);
      callbacks.push(await choosePerson(browser.next(tab), 'alice', browser.cookies));
    }
    const visited = [];
    for (const callback of callbacks) visited.push((await browser.visit(callback)).body);
    expect(visited).toEqual(['app.localhost/one for alice', 'app.localhost/two for alice']);
  });

  test('goes on where the sign-in of another tab ended the session that was handed over', async () => {
    const browser = openJarBrowser(stage.port);
    const one = await browser.visit(`${stage.app}/one`);
    const two = await browser.visit(`${stage.app}/two`);
    const overtaken = await browser.send(await choosePerson(browser.next(one), 'alice', browser.cookies));
    await browser.visit(await choosePerson(browser.next(two), 'bob'));
    expect((await browser.visit(browser.next(overtaken))).body).toBe('app.localhost/one for bob');
  });

  test('has room for twelve sign-ins in one browser; the oldest goes', async () => {
    const browser = openJarBrowser(stage.port);
    const tabs: URL[] = [];
    for (let tab = 0; tab < 13; tab++) tabs.push(browser.next(await browser.visit(`${stage.app}/${tab}`)));
    expect(browser.jar('authenticate.localhost').size).toBe(12);
    const [oldest, next] = tabs as [URL, URL];
    const cookies = browser.cookies;
    expect((await browser.visit(await choosePerson(oldest, 'bob', cookies))).status).toBe(400);
    expect((await browser.visit(await choosePerson(next, 'bob', cookies))).body).toBe('app.localhost/1 for bob');
  });

  test('tells who cancels, and lets them begin again', async () => {
    const browser = openJarBrowser(stage.port);
    const visited = await browser.signIn(`${stage.app}/a?b`, '');
    expect(visited.status).toBe(400);
    expect(visited.body).toContain(`${stage.app}/.pomerium/sign_in?redirect=%2Fa%3Fb`);
    expect([...browser.jar('authenticate.localhost')]).toEqual([]);
    expect((await browser.signIn(`${stage.app}/.pomerium/sign_in?redirect=%2Fa%3Fb`, 'alice')).body).toBe(
      'app.localhost/a?b for alice',
    );
  });

  test('tells a browser that keeps no cookie that it keeps none', async () => {
    const browser = openJarBrowser(stage.port);
    const asked = await browser.visit(`${stage.app}/a`);
    const back = await browser.send(await choosePerson(browser.next(asked), 'alice'));
    browser.jar('app.localhost').clear();
    const refused = await browser.send(browser.next(back));
    expect([refused.status, refused.setCookies]).toEqual([400, []]);
    expect(refused.body).toContain('Your browser has no cookie of this sign-in');
    expect(stage.lines.at(-1)).toContain('the browser sent no cookie of this sign-in: it keeps none on http:');
  });

  test('tells that the provider is away, and works as soon as it is back', async () => {
    await using other = await raiseSignIn();
    await other.provider.stop();
    const browser = openJarBrowser(other.port);
    const away = await browser.visit(`${other.app}/a`);
    expect(away.status).toBe(503);
    expect(away.body).toContain(`${other.app}/.pomerium/sign_in?redirect=%2Fa`);
    await other.provider.start();
    await expect.poll(async () => (await browser.visit(`${other.app}/a`)).status).toBe(302);
    expect((await browser.signIn(`${other.app}/a`, 'alice')).body).toBe('app.localhost/a for alice');
  });

  test('on the authenticate host itself leads to who one is there', async () => {
    const visited = await openJarBrowser(stage.port).signIn(`${stage.authenticate}/.pomerium/sign_in`, 'alice');
    expect([visited.url.href, visited.status]).toEqual([`${stage.authenticate}/.pomerium/`, 200]);
  });

  test('with Strict cookies goes on by a page, as no redirect would bring them', async () => {
    await using strict = await raiseSignIn({ sameSite: 'strict' });
    const browser = openJarBrowser(strict.port);
    const visited = await browser.signIn(`${strict.app}/a`, 'alice');
    expect(visited.body).toBe('app.localhost/a for alice');
    const page = await browser.send(`${strict.app}/.pomerium/sign_in?redirect=/b`);
    const taken = await browser.send(browser.next(await browser.send(browser.next(page))));
    expect([taken.status, taken.header('refresh')]).toEqual([200, `0; url=${strict.app}/b`]);
    expect(taken.setCookies).toEqual([expect.stringMatching(/; SameSite=Strict$/)]);
  });

  test('with a cookie of a whole domain sets it so, and clears one that a host set for itself', async () => {
    await using wide = await raiseSignIn({ cookieDomain: 'localhost' });
    const browser = openJarBrowser(wide.port);
    await browser.send(wide.wiki);
    const asked = await browser.visit(`${wide.app}/a`);
    const back = await browser.send(await choosePerson(browser.next(asked), 'alice'));
    expect(back.setCookies.slice(1)).toEqual([
      '_pomerium=; Max-Age=0; Path=/; Secure; HttpOnly',
      expect.stringMatching(
        /^_pomerium=[\w-]{64}; Max-Age=\d+; Path=\/; Secure; HttpOnly; Domain=localhost; SameSite=Lax$/,
      ),
    ]);
  });
});

describe('where to go after signing in', () => {
  test.each([
    ['a path', '/a', '/a'],
    ['a path with a query and a fragment', '/a?b=c#d', '/a?b=c#d'],
    ['nothing', '', '/'],
    ['another site', 'https://elsewhere.example/', '/'],
    ['another host without a scheme', '//elsewhere.example/', '/'],
    ['the same, as some browsers read it', '/\\elsewhere.example/', '/'],
    ['a script', 'javascript:alert(1)', '/'],
    ['a path without a slash', 'a', '/'],
    ['dots that leave two slashes', '/..//elsewhere.example/', '/'],
    ['a line break', '/a\r\nset-cookie: b=c', '/aset-cookie:%20b=c'],
  ])('%s', async (_, redirect, target) => {
    const browser = openJarBrowser(stage.port);
    await browser.signIn(stage.app, 'alice');
    const url = `${stage.app}/.pomerium/sign_in?${new URLSearchParams({ redirect })}`;
    const asked = await browser.send(browser.next(await browser.send(url)));
    const taken = await browser.send(browser.next(asked));
    expect(taken.header('location')).toBe(`${stage.app}${target}`);
  });
});

describe('signing out', () => {
  const signOut = { headers: { 'sec-fetch-site': 'same-origin' }, form: {} };

  test('asks first', async () => {
    const browser = openJarBrowser(stage.port);
    await browser.signIn(stage.app, 'alice');
    const page = await browser.send(`${stage.app}/.pomerium/sign_out`);
    expect([page.status, page.setCookies]).toEqual([200, []]);
    expect(page.body).toContain('action="/.pomerium/sign_out"');
    expect((await browser.send(`${stage.app}/a`)).body).toBe('app.localhost/a for alice');
  });

  test('ends the session on all hosts, and goes by the provider', async () => {
    const browser = openJarBrowser(stage.port);
    await browser.signIn(stage.app, 'alice');
    await browser.visit(stage.wiki);
    const kept = browser.jar('wiki.localhost').get(SESSION);
    const visited = await browser.visit(`${stage.app}/.pomerium/sign_out`, signOut);
    const provider = browser.next(visited);
    expect(provider?.origin).toBe(stage.provider.issuer);
    expect(provider?.searchParams.get('post_logout_redirect_uri')).toBe(`${stage.authenticate}/.pomerium/signed_out`);
    expect(provider?.searchParams.get('id_token_hint')).toMatch(/^ey/);
    for (const host of ['app', 'authenticate']) expect(browser.jar(`${host}.localhost`).has(SESSION)).toBe(false);
    expect(browser.jar('wiki.localhost').get(SESSION)).toBe(kept);
    expect((await browser.send(`${stage.wiki}/a`)).status).toBe(302);
  });

  test.each([
    ['the page that they came from', '/a?b=c', '/a?b=c'],
    ['the first page, where that one has no room', `/${'x'.repeat(500)}`, '/'],
    ['no other site', 'https://elsewhere.example/', '/'],
  ])('comes back from the provider with a link to %s', async (_, redirect, target) => {
    const browser = openJarBrowser(stage.port);
    await browser.signIn(`${stage.app}/a`, 'alice');
    const url = `${stage.app}/.pomerium/sign_out?${new URLSearchParams({ redirect })}`;
    const action = /<form method="post" action="([^"]+)"/.exec((await browser.send(url)).body)?.[1] ?? '';
    const provider = browser.next(await browser.visit(`${stage.app}${action}`, signOut));
    const state = provider.searchParams.get('state') ?? '';
    expect(state).not.toBe('');
    const back = await browser.send(`${stage.authenticate}/.pomerium/signed_out?${new URLSearchParams({ state })}`);
    const again = /href="([^"]+sign_in[^"]*)"/.exec(back.body)?.[1] ?? '';
    expect((await browser.signIn(again, 'bob')).url.href).toBe(`${stage.app}${target}`);
  });

  test('ends all sessions of a browser whose tabs signed in at once, and no other browser’s', async () => {
    const [browser, other] = [openJarBrowser(stage.port), openJarBrowser(stage.port)];
    await browser.signIn(stage.app, 'alice');
    browser.jar('authenticate.localhost').clear();
    await browser.signIn(`${stage.wiki}/a`, 'alice');
    await other.signIn(stage.app, 'alice');
    expect((await browser.send(`${stage.wiki}/a`)).body).toBe('wiki.localhost/a for alice');
    const before = liveSids();
    await browser.send(`${stage.app}/.pomerium/sign_out`, signOut);
    const ended = before.filter((sid) => !liveSids().includes(sid));
    const said = stage.lines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'signed out');
    expect(ended).toHaveLength(2);
    expect(said.map(({ session }) => session)).toEqual(expect.arrayContaining(ended));
    expect((await browser.send(`${stage.wiki}/a`)).status).toBe(302);
    expect((await other.send(`${stage.app}/a`)).body).toBe('app.localhost/a for alice');
  });

  test.each([
    ['on the authenticate host', null, 'authenticate'],
    ['with a cookie of a whole domain', 'localhost', 'app'],
  ])('%s says at the provider who goes, and leaves no cookie', async (_, cookieDomain, name) => {
    await using other = await raiseSignIn({ cookieDomain });
    const browser = openJarBrowser(other.port);
    const at = `http://${name}.localhost:${other.port}`;
    await browser.signIn(`${at}/.pomerium/sign_in`, 'alice');
    const visited = await browser.visit(`${at}/.pomerium/sign_out`, signOut);
    expect(browser.next(visited).searchParams.get('id_token_hint')).toMatch(/^ey/);
    const names = ['app', 'authenticate'].flatMap((host) => [...browser.jar(`${host}.localhost`).keys()]);
    expect(names.filter((each) => !/_browser$/.test(each))).toEqual([]);
  });

  test('ends all of several that a browser brings', async () => {
    const [one, other] = [openJarBrowser(stage.port), openJarBrowser(stage.port)];
    await one.signIn(stage.app, 'alice');
    await other.signIn(stage.app, 'bob');
    const cookie = [one, other].map((each) => `${SESSION}=${each.jar('app.localhost').get(SESSION)}`).join('; ');
    const headers = { ...signOut.headers, cookie };
    await openJarBrowser(stage.port).send(`${stage.app}/.pomerium/sign_out`, { ...signOut, headers });
    for (const each of [one, other]) expect((await each.send(stage.app)).status).toBe(302);
  });

  test('shows no ID token to scripts of the host', async () => {
    const browser = openJarBrowser(stage.port);
    await browser.signIn(stage.app, 'alice');
    const headers = { ...signOut.headers, accept: 'application/json', 'sec-fetch-mode': 'cors' };
    const answer = await browser.send(`${stage.app}/.pomerium/sign_out`, { ...signOut, headers });
    expect(JSON.parse(answer.body)).toEqual({
      signed_out: true,
      continue_url: expect.stringMatching(
        /^http:\/\/authenticate\.localhost:\d+\/\.pomerium\/signed_out\?session=[\w-]+$/,
      ),
    });
    expect(answer.header('refresh')).toBeNull();
    expect(answer.header('clear-site-data')).toBe('"cache"');
  });

  test.each([
    ['of another site', { 'sec-fetch-site': 'cross-site' }],
    ['of a sibling host', { 'sec-fetch-site': 'same-site' }],
    ['of another origin, in a browser that says no more', { origin: 'http://elsewhere.example' }],
    ['of no page', {}],
  ])('takes no form %s', async (_, headers) => {
    const browser = openJarBrowser(stage.port);
    await browser.signIn(stage.app, 'alice');
    const without = { accept: 'text/html', 'sec-fetch-site': [] as string[] };
    const answer = await browser.send(`${stage.app}/.pomerium/sign_out?redirect=/a`, {
      form: {},
      headers: { ...without, ...headers },
    });
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('<h1>Nobody was signed out</h1>')]);
    expect(answer.body).toContain('href="/.pomerium/sign_out?redirect=%2Fa"');
    expect(JSON.parse(stage.lines.at(-1) ?? '')).toMatchObject({ message: 'sign-out refused', reason: 'origin' });
    expect((await browser.send(`${stage.app}/a`)).body).toBe('app.localhost/a for alice');
  });

  const FORMLESS = {
    'nothing at all': {},
    'nothing, of a type that no form has': { 'content-type': 'application/json' },
    'a form of files': { 'content-type': 'multipart/form-data; boundary=x' },
  };
  test.each(Object.entries(FORMLESS))('tells a program that posts %s who was signed out: nobody', async (_, type) => {
    const browser = openJarBrowser(stage.port);
    await browser.signIn(stage.app, 'alice');
    const headers = { accept: 'application/json', 'sec-fetch-site': [], ...type };
    const answer = await browser.send(`${stage.app}/.pomerium/sign_out`, { method: 'POST', headers });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      400,
      {
        status: 400,
        error: 'sign-out-refused',
        reasons: ['origin'],
        request_id: expect.any(String),
        sign_out_url: '/.pomerium/sign_out',
      },
    ]);
    expect((await browser.send(`${stage.app}/a`)).body).toBe('app.localhost/a for alice');
  });

  test('takes one of the same origin in a browser that says no more', async () => {
    const browser = openJarBrowser(stage.port);
    await browser.signIn(stage.app, 'alice');
    const headers = { 'sec-fetch-site': [], origin: stage.app };
    await browser.send(`${stage.app}/.pomerium/sign_out`, { form: {}, headers });
    expect((await browser.send(`${stage.app}/a`)).status).toBe(302);
  });

  test('ends with a page, or where the configuration says', async () => {
    const page = await openJarBrowser(stage.port).send(`${stage.authenticate}/.pomerium/signed_out`);
    expect(page.status).toBe(200);
    await using other = await raiseSignIn({}, { signedOutUrl: new URL('https://companydomain.com/bye') });
    const redirected = await openJarBrowser(other.port).send(`${other.authenticate}/.pomerium/signed_out`);
    expect(redirected.header('location')).toBe('https://companydomain.com/bye');
  });

  test('is nothing that a link to signed_out can do', async () => {
    const browser = openJarBrowser(stage.port);
    await browser.signIn(stage.app, 'alice');
    await browser.send(`${stage.authenticate}/.pomerium/signed_out?session=x`);
    expect(browser.jar('authenticate.localhost').has(SESSION)).toBe(true);
  });
});

describe('signing out at the provider', () => {
  test('ends the sessions of that browser alone', async () => {
    const [here, there] = [openJarBrowser(stage.port), openJarBrowser(stage.port)];
    await here.signIn(stage.app, 'bob');
    await there.signIn(stage.app, 'alice');
    await stage.provider.signOut('bob');
    expect((await here.send(stage.app)).status).toBe(302);
    expect((await there.send(stage.app)).status).toBe(200);
  });

  test('says in the log which, and of very many how many', async () => {
    const browser = openJarBrowser(stage.port);
    const before = liveSids();
    await browser.signIn(stage.app, 'bob');
    const [one] = stage.sessions.list().filter(({ sid, endedAt }) => endedAt === null && !before.includes(sid));
    if (one === undefined) throw new Error('no session');
    for (let tab = 0; tab < 24; tab++) stage.sessions.create({ ...one, tokens: null });
    const theirs = liveSids().filter((sid) => !before.includes(sid));
    await stage.provider.signOut('bob');
    const { message, count, sessions } = JSON.parse(stage.lines.at(-1) ?? '');
    expect([message, count, sessions.length]).toEqual(['the provider signed somebody out', 25, 20]);
    expect(theirs).toEqual(expect.arrayContaining(sessions));
    expect(liveSids()).toEqual(before);
  });

  test('is heard once', async () => {
    const browser = openJarBrowser(stage.port);
    await browser.signIn(stage.app, 'bob');
    await stage.provider.signOut('bob');
    const form = { logout_token: stage.notices.at(-1) ?? '' };
    const answer = await browser.send(`${stage.authenticate}/.pomerium/backchannel_logout`, { form });
    expect([answer.status, JSON.parse(answer.body)['error_description']]).toEqual([
      400,
      'the logout token was used before',
    ]);
  });

  test.each([
    ['no token', {}, 'the form has no single logout_token'],
    ['what is none', { logout_token: 'x.y.z' }, expect.any(String)],
  ])('takes no notice of %s', async (_, form, problem) => {
    const answer = await openJarBrowser(stage.port).send(`${stage.authenticate}/.pomerium/backchannel_logout`, {
      form,
    });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      400,
      { error: 'invalid_request', error_description: problem },
    ]);
  });
});

describe('choosing whom to be, where there is no provider', () => {
  const chooser: Chooser = {
    async choose(request, site) {
      if (request.method !== 'POST') return { status: 200, headers: [], body: `Who are you at ${site}?` };
      const id = (await request.form()).get('person') ?? '';
      const person = { id, email: `${id}@companydomain.com`, name: id, groups: [], claims: {} };
      return { person, providerSid: null, tokens: null };
    },
  };
  const form = { person: 'alice' };

  test('asks, and goes on by a page, as a form was sent', async () => {
    await using other = await raiseSignIn({}, { openId: null, chooser });
    const browser = openJarBrowser(other.port);
    const asked = await browser.visit(`${other.app}/a`);
    expect([asked.status, asked.body]).toEqual([200, `Who are you at app.localhost:${other.port}?`]);
    for (const site of ['cross-site', 'same-site', 'none']) {
      const refused = await browser.send(asked.url, { form, headers: { 'sec-fetch-site': site } });
      expect([refused.status, refused.setCookies]).toEqual([400, []]);
    }
    const headers = { 'sec-fetch-site': 'same-origin' };
    const chosen = await browser.send(asked.url, { form, headers });
    expect([chosen.status, browser.next(chosen).origin]).toEqual([200, other.app]);
    expect((await browser.visit(browser.next(chosen))).body).toBe('app.localhost/a for alice');

    const signedOut = await browser.visit(`${other.app}/.pomerium/sign_out`, { form: {}, headers });
    expect(signedOut.url.href).toMatch(new RegExp(`^${other.authenticate}/\\.pomerium/signed_out\\?session=[\\w-]+$`));
    expect(signedOut.body).toContain(`href="${other.app}/.pomerium/sign_in"`);
    expect((await browser.visit(`${other.app}/a`)).body).toBe(asked.body);
  });
});

test('an email that the provider has not verified is logged as not taken', async () => {
  const eve = { id: 'eve', email: '', name: 'Eve', groups: [], claims: { email_verified: [false] } };
  const chooser = { choose: async () => ({ person: eve, providerSid: null, tokens: null }) };
  await using other = await raiseSignIn({}, { openId: null, chooser });
  const visited = await openJarBrowser(other.port).visit(`${other.app}/.pomerium/sign_in?redirect=/.pomerium/`);
  expect(visited.body).toContain('not taken: the identity provider has not verified it');
  expect(other.lines.join()).toContain('"detail":"the provider has not verified the email: not taken"');
});

describe('who one is', () => {
  const json = { headers: { accept: 'application/json' } };

  test('is said of somebody', async () => {
    const browser = openJarBrowser(stage.port);
    await browser.signIn(stage.app, 'alice');
    const { caller, session, assertion, sign_out_url } = JSON.parse(
      (await browser.send(`${stage.app}/.pomerium/`, json)).body,
    );
    expect(caller).toMatchObject({
      type: 'user',
      id: 'alice',
      email: 'alice@companydomain.com',
      groups: ['engineering'],
    });
    expect(session).toEqual({ sid: caller.session_id, created_at: expect.any(Number), ends_at: caller.expires_at });
    expect([assertion, sign_out_url]).toEqual([null, '/.pomerium/sign_out']);
    expect(JSON.parse((await browser.send(`${stage.app}/.pomerium/user`, json)).body)).toEqual({
      sub: 'alice',
      user: 'alice',
      email: 'alice@companydomain.com',
      name: 'Alice',
      groups: ['engineering'],
      sid: caller.session_id,
      caller_type: 'user',
    });
  });

  test('is said of nobody', async () => {
    const browser = openJarBrowser(stage.port);
    const { caller, session, sign_in_url } = JSON.parse((await browser.send(`${stage.app}/.pomerium/`, json)).body);
    expect([caller, session]).toEqual([null, null]);
    expect(sign_in_url).toBe(`${stage.app}/.pomerium/sign_in?redirect=%2F.pomerium%2F`);
    const user = await browser.send(`${stage.app}/.pomerium/user`, json);
    expect([user.status, user.header('www-authenticate')]).toEqual([401, 'Bearer realm="behalf"']);
    expect(JSON.parse(user.body)).toMatchObject({ error: 'unauthenticated', reasons: ['user-unauthenticated'] });
  });

  test('is a page for people', async () => {
    const page = await openJarBrowser(stage.port).send(`${stage.app}/.pomerium/`);
    expect([page.status, page.header('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  test('is not said to a site on the authenticate host, where people only sign in', async () => {
    const visited = await openJarBrowser(stage.port).signIn(`${stage.authenticate}/.pomerium/sign_in`, 'alice');
    expect(visited.body).toContain('You are signed in. Open the site that you want.');
  });
});

describe('addresses', () => {
  test.each([
    ['app', 'GET', '/oauth2/callback', 302],
    ['authenticate', 'GET', '/oauth2/callback', 400],
    ['authenticate', 'POST', '/oauth2/callback', 405],
    ['app', 'GET', '/.pomerium/signed_out', 404],
    ['app', 'POST', '/.pomerium/backchannel_logout', 404],
    ['authenticate', 'GET', '/.pomerium/backchannel_logout', 405],
    ['app', 'HEAD', '/.pomerium/callback/', 405],
    ['app', 'POST', '/.pomerium/sign_in', 405],
    ['app', 'PUT', '/.pomerium/sign_out', 405],
    ['app', 'GET', '/.pomerium/nothing', 404],
  ])('%s: %s %s is %i', async (host, method, path, status) => {
    const answer = await openJarBrowser(stage.port).send(`http://${host}.localhost:${stage.port}${path}`, { method });
    expect(answer.status).toBe(status);
  });

  test('are named', () => {
    expect(stage.signIn.wellKnown).toEqual({
      authentication_callback_endpoint: `${stage.authenticate}/oauth2/callback`,
      backchannel_logout_uri: `${stage.authenticate}/.pomerium/backchannel_logout`,
    });
  });

  test('of a host that no route serves begin no sign-in', async () => {
    const answer = await openJarBrowser(stage.port).send(`http://elsewhere.localhost:${stage.port}/.pomerium/sign_in`);
    expect(answer.status).toBe(404);
  });
});

test('logs who signed in and why others did not, and no secret', () => {
  const text = stage.lines.join('\n');
  expect(text).toContain('"message":"signed in"');
  expect(text).toContain('"reason":"access-denied"');
  // Of a JWS two parts are JSON; the 22 random letters of a session may begin with "ey" too.
  expect(text).not.toMatch(/\bey[\w-]+\.ey|handover=|code=|[\w-]{43,}/);
});
