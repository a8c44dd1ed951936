import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser } from '../support/open-browser.ts';
import { OPENID_PEOPLE } from '../support/start-openid-provider.ts';
import { valuesOf } from '../support/start-recorder.ts';
import { choose, fetchFrom, findFaults, greet, untilShown } from './on-page.ts';
import { raiseBrowserStage } from './raise-browser-stage.ts';
import { useBrowserStage } from './use-browser-stage.ts';

const SESSION = '__Host-_pomerium';

describeInBrowser('in Chromium, a person', () => {
  const stage = useBrowserStage();

  /** From the page that asks whether to, to the one that says so, by way of the provider's own. */
  const signOut = async (page: Page): Promise<void> => {
    await untilShown(page, 'Sign out?');
    expect(await findFaults(page)).toEqual([]);
    await page.click('button');
    await untilShown(page, 'Sign out here too?');
    await page.click('button[name=logout]');
    await untilShown(page, 'You are signed out');
    expect(await findFaults(page)).toEqual([]);
  };

  test('signs in and is where they wanted to go, path and query', async () => {
    const { app, provider, openContext, requests } = stage();
    await using context = await openContext();
    const page = await context.newPage();
    const path = '/reports/2026/a%20b?view=%C3%A4&next=%2F%2Fevil.example';
    await page.goto(`${app}${path}#part-2`);
    await untilShown(page, 'Who are you?');
    expect(new URL(page.url()).origin).toBe(provider.issuer);
    await choose(page, 'alice');
    await untilShown(page, `alice (engineering): GET ${path}`);
    expect(page.url()).toBe(app + path);
    // Nothing of the way there is told to whom it led to.
    expect(requests(path).map((request) => valuesOf(request, 'referer'))).toEqual([[]]);
  });

  test('signs in once for all routes, and keeps the fragment where no page asks in between', async () => {
    const { wiki, openSignedIn, countAtProvider } = stage();
    await using context = await openSignedIn('alice');
    const before = await countAtProvider('GET /auth');
    await context.page.goto(`${wiki}/start?a=b#part-2`);
    await untilShown(context.page, 'alice (engineering): GET /start?a=b');
    expect(context.page.url()).toBe(`${wiki}/start?a=b#part-2`);
    expect(await countAtProvider('GET /auth')).toBe(before);
  });

  test('has a small cookie on each host that no script, host or upstream gets, whatever is known of them', async () => {
    const { app, wiki, authenticate, provider, openSignedIn, requests } = stage();
    const groups = Array.from({ length: 60 }, (_, index) => `a-group-with-quite-a-long-name-${index}`);
    await provider.setPeople(OPENID_PEOPLE.map((person) => ({ ...person, name: 'A'.repeat(500), groups })));
    await using context = await openSignedIn('alice');
    await context.page.goto(wiki);
    const cookies = await context.cookies([app, wiki, authenticate]);
    for (const { name, value, ...attributes } of cookies) {
      expect(name).toMatch(/^__Host-_pomerium(?:_browser)?$/);
      expect(name.length + value.length).toBeLessThanOrEqual(200);
      expect(attributes).toMatchObject({ path: '/', secure: true, httpOnly: true, sameSite: 'Lax' });
    }
    const sessions = cookies.filter(({ name }) => name === SESSION);
    const hosts = [app, authenticate, wiki].map((url) => new URL(url).hostname);
    expect(sessions.map(({ domain }) => domain).toSorted()).toEqual(hosts);
    expect(new Set(sessions.map(({ value }) => value)).size).toBe(3);
    for (const { expires } of sessions) {
      const hours = (expires - Date.now() / 1000) / 3600;
      expect([hours > 13.9, hours <= 14]).toEqual([true, true]);
    }
    expect(await context.page.evaluate('document.cookie')).toBe('');
    expect(requests().flatMap((request) => valuesOf(request, 'cookie'))).toEqual([]);
  });

  test('from elsewhere is told that they may not come here, and can use another account', async () => {
    const { app, openContext, requests } = stage();
    await using context = await openContext();
    const page = await context.newPage();
    await page.goto(`${app}/secret`);
    await choose(page, 'eve');
    await untilShown(page, 'You do not have access to this page');
    expect(page.url()).toBe(`${app}/secret`);
    expect(await page.textContent('main')).toContain('You are signed in as eve@elsewhere.example');
    expect(await page.textContent('code')).toBe('domain-unauthorized');
    expect(await findFaults(page)).toEqual([]);
    expect(requests('/secret')).toEqual([]);

    await page.click('text=Use another account');
    await signOut(page);
    await page.click('text=Sign in again');
    await choose(page, 'alice');
    await untilShown(page, 'alice (engineering): GET /secret');
    expect(page.url()).toBe(`${app}/secret`);
  });

  test('sees on every host who they are, and whether', async () => {
    const { app, open, openSignedIn } = stage();
    await using context = await openSignedIn('alice');
    const { page } = context;
    const { sid } = JSON.parse((await fetchFrom(page, '/.pomerium/user')).body);
    await page.goto(`${app}/.pomerium/`);
    await untilShown(page, 'You are Alice');
    const text = await page.textContent('main');
    for (const part of ['alice@companydomain.com', 'engineering', sid]) expect(text).toContain(part);
    expect(await findFaults(page)).toEqual([]);

    await page.goto(`${open}/.pomerium/`);
    await untilShown(page, 'Nobody is signed in');
    expect(await findFaults(page)).toEqual([]);
    await page.click('main a');
    await untilShown(page, 'You are Alice');
    expect(page.url()).toBe(`${open}/.pomerium/`);
  });

  test('signs out of everything at once, and the back button shows nothing that was seen before', async () => {
    const { app, wiki, authenticate, openSignedIn, requests } = stage();
    await using context = await openSignedIn('alice', '/first');
    const { page } = context;
    const other = await context.newPage();
    await other.goto(wiki);
    expect((await fetchFrom(other, '/data')).status).toBe(200);

    await page.goto(`${app}/.pomerium/`);
    await page.goBack({ waitUntil: 'commit' });
    await untilShown(page, 'alice (engineering): GET /first');
    expect(requests('/first')).toHaveLength(1);
    await page.goForward({ waitUntil: 'commit' });
    await page.click('text=Sign out');
    await signOut(page);
    const left = (await context.cookies([app, authenticate])).map(({ name }) => name);
    expect(left).not.toContain(SESSION);
    expect((await fetchFrom(other, '/data')).status).toBe(401);

    const seen: (string | null)[] = [];
    while (!seen.includes('Who are you?')) {
      await page.goBack({ waitUntil: 'commit' });
      seen.push(await page.textContent('h1'));
    }
    expect(seen.slice(-3)).toEqual(['Nobody is signed in', 'Nobody is signed in', 'Who are you?']);
    expect(requests('/first')).toHaveLength(1);
  });

  test('is signed out by no form of another origin, not even of the same site', async () => {
    const { app, wiki, neighbour, openSignedIn } = stage();
    await using context = await openSignedIn('alice');
    const { page } = context;
    for (const origin of [neighbour, wiki]) {
      await page.goto(origin);
      await page.evaluate(`document.forms[0].action = '${app}/.pomerium/sign_out'`);
      await page.click('button');
      await untilShown(page, 'Nobody was signed out');
      expect(await findFaults(page)).toEqual([]);
      await page.goto(app);
      await untilShown(page, 'alice (engineering): GET /');
    }
  });

  test.each(['wiki', 'app'] as const)('signs in by two tabs at once, to app and to %s', async (name) => {
    const { app, [name]: second, openContext, countAtProvider } = stage();
    const tabs = [`${app}/one?tab=1`, `${second}/two?tab=2`];
    await using context = await openContext();
    const pages = await Promise.all(
      tabs.map(async (url) => {
        const page = await context.newPage();
        await page.goto(url);
        return page;
      }),
    );
    const untilAllShown = async (): Promise<void> => {
      for (const [index, page] of pages.entries()) {
        const { pathname, search, href } = new URL(tabs[index] ?? '');
        await untilShown(page, `alice (engineering): GET ${pathname}${search}`);
        expect(page.url()).toBe(href);
      }
    };
    await Promise.all(pages.map((page) => choose(page, 'alice')));
    await untilAllShown();
    const before = await countAtProvider('GET /auth');
    for (const page of pages) await page.reload();
    await untilAllShown();
    expect(await countAtProvider('GET /auth')).toBe(before);
  });

  test('whose browser starts with many tabs, and no session any more, finds each where it was', async () => {
    const { app, wiki, openSignedIn } = stage();
    await using context = await openSignedIn('alice', '/0');
    const pages = [context.page];
    for (const path of ['/1', '/2', '/3', '/4', '/5', '/6', '/7']) {
      const page = await context.newPage();
      await page.goto((pages.length % 2 === 0 ? app : wiki) + path);
      pages.push(page);
    }
    await context.clearCookies({ domain: /\.localhost$/ });
    await Promise.all(pages.map((page) => page.reload()));
    for (const [index, page] of pages.entries()) await untilShown(page, `alice (engineering): GET /${index}`);
  });

  test('whose session is over is told that a form was not sent, signs in beside it, and sends it again', async () => {
    const { app, openSignedIn, requests } = stage();
    await using context = await openSignedIn('alice', '/form');
    const { page } = context;
    await context.clearCookies({ name: SESSION });
    await page.click('button');
    await untilShown(page, 'Your form was not sent');
    expect(page.url()).toBe(`${app}/save`);
    expect(await findFaults(page)).toEqual([]);
    expect(requests('/save')).toEqual([]);

    const [beside] = await Promise.all([context.waitForEvent('page'), page.click('main a')]);
    await untilShown(beside, 'alice (engineering): GET /save');
    await page.reload();
    await untilShown(page, 'alice (engineering): POST /save');
    expect(requests('/save').map(({ method, body }) => `${method} ${body}`)).toEqual(['GET ', 'POST note=kept']);
  });

  test('whose session is over is not led away by a script, which is told where to sign in', async () => {
    const { app, openSignedIn } = stage();
    await using context = await openSignedIn('alice');
    const { page } = context;
    expect((await fetchFrom(page, '/data')).status).toBe(200);
    await context.clearCookies();
    const { status, body, signIn } = await fetchFrom(page, '/data?a=b');
    expect([status, signIn]).toEqual([401, 'Bearer realm="behalf"']);
    const refusal = JSON.parse(body);
    expect(refusal).toEqual({
      status: 401,
      error: 'unauthenticated',
      reasons: ['user-unauthenticated'],
      request_id: expect.any(String),
      sign_in_url: `${app}/.pomerium/sign_in?redirect=%2Fdata%3Fa%3Db`,
    });
    await page.goto(refusal.sign_in_url);
    await choose(page, 'bob');
    await untilShown(page, 'bob (sales): GET /data?a=b');
    expect(page.url()).toBe(`${app}/data?a=b`);
  });

  test('needs no script', async () => {
    const { app, openContext } = stage();
    await using context = await openContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${app}/.pomerium/`);
    await page.click('main a');
    await choose(page, 'alice');
    await untilShown(page, 'You are Alice');
    await page.click('text=Sign out');
    await page.click('button');
    await page.click('button[name=logout]');
    await untilShown(page, 'You are signed out');
    await page.goto(app);
    await untilShown(page, 'Who are you?');
  });

  test('signs in where cookies are SameSite=Strict', async () => {
    const { app, wiki, openSignedIn, reconfigure } = stage();
    await reconfigure({ cookie_same_site: 'strict' });
    await using context = await openSignedIn('alice', '/page');
    await untilShown(context.page, 'alice (engineering): GET /page');
    const cookies = (await context.cookies(app)).filter(({ name }) => name === SESSION);
    expect(cookies).toMatchObject([{ sameSite: 'Strict' }]);
    await context.page.goto(`${wiki}/other`);
    await untilShown(context.page, 'alice (engineering): GET /other');
    await reconfigure({});
  });

  test('signs in over TLS', async () => {
    await using own = await raiseBrowserStage(stage().browser, { isTls: true });
    await using context = await own.openSignedIn('alice', '/page');
    const { page } = context;
    await untilShown(page, 'alice (engineering): GET /page');
    expect(page.url()).toBe(`${own.app}/page`);
    expect(own.app).toMatch(/^https:/);
    expect(await greet(page, own.socket)).toBe('hello');
    await page.goto(`${own.app}/.pomerium/sign_out`);
    await signOut(page);
    expect(own.complaints).toEqual([]);
  });
});
