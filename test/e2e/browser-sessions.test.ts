import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { describeInBrowser } from '../support/open-browser.ts';
import { runBehalf } from '../support/run-behalf.ts';
import { OPENID_PEOPLE } from '../support/start-openid-provider.ts';
import { fetchFrom, greet, untilShown } from './on-page.ts';
import { useBrowserStage } from './use-browser-stage.ts';

/** Of tokens that end while a test looks on. */
const SHORT = { idToken: 3, accessToken: 3 };

describeInBrowser('in Chromium, a session', () => {
  const stage = useBrowserStage();

  test('is refreshed while it is used, and learns what is new; nobody is asked', async () => {
    const { provider, openSignedIn, countAtProvider } = stage();
    await provider.setLifetimes(SHORT);
    await using context = await openSignedIn('alice');
    await provider.setPeople(OPENID_PEOPLE.map((person) => ({ ...person, groups: ['board'] })));
    const before = await countAtProvider('GET /auth');
    await eventually(async () => {
      const { status, body } = await fetchFrom(context.page, '/data');
      expect([status, body]).toEqual([200, expect.stringContaining('alice (board): GET /data')]);
    });
    expect(await countAtProvider('GET /auth')).toBe(before);
  });

  test('that cannot be refreshed ends with its tokens, and a page begins another, without a question', async () => {
    const { app, provider, openSignedIn, countAtProvider } = stage();
    await provider.setLifetimes({ ...SHORT, refreshToken: 0 });
    await using context = await openSignedIn('alice', '/page?a=b');
    const { page } = context;
    await untilRefused(page);
    await provider.setLifetimes({ idToken: 3600, accessToken: 3600 });
    const before = await countAtProvider('GET /auth');
    await page.reload();
    await untilShown(page, 'alice (engineering): GET /page?a=b');
    expect(page.url()).toBe(`${app}/page?a=b`);
    expect(await countAtProvider('GET /auth')).toBe(before + 1);
  });

  test('ends when the provider says no to a refresh', async () => {
    const { provider, openSignedIn } = stage();
    await provider.setLifetimes(SHORT);
    await using context = await openSignedIn('bob');
    await provider.setPeople(OPENID_PEOPLE.filter(({ sub }) => sub !== 'bob'));
    await untilRefused(context.page);
    await context.page.reload();
    expect(new URL(context.page.url()).origin).toBe(provider.issuer);
  });

  test('ends when it is `cookie_expire` old, whether the browser forgets its cookie or not', async () => {
    const { app, openSignedIn, reconfigure } = stage();
    await reconfigure({ cookie_expire: '4s' });
    await using context = await openSignedIn('alice');
    const { page } = context;
    const kept = await context.cookies(app);
    await reconfigure({});
    await untilRefused(page);
    await context.addCookies(kept.map((cookie) => ({ ...cookie, expires: -1 })));
    await untilRefused(page);
    expect(await context.cookies(app)).toHaveLength(kept.length);
  });

  test('that is revoked while pages are open is over for their scripts, WebSockets and links', async () => {
    const { app, wiki, socket, behalf, openSignedIn } = stage();
    await using context = await openSignedIn('alice');
    await using bystander = await openSignedIn('bob');
    const { page } = context;
    const other = await context.newPage();
    await other.goto(wiki);
    const { sid } = JSON.parse((await fetchFrom(page, '/.pomerium/user')).body);
    expect(await greet(page, socket)).toBe('hello');

    const { exitCode, stderr } = await runBehalf(['session', 'revoke', sid, '--config', behalf.config]);
    expect([exitCode, stderr]).toEqual([0, 'revoked: 1 session\n']);
    for (const each of [page, other]) await untilRefused(each);
    expect((await fetchFrom(bystander.page, '/data')).status).toBe(200);
    await expect.poll(() => page.evaluate('isOpen')).toBe(false);
    await page.goto(`${app}/next`);
    await untilShown(page, 'alice (engineering): GET /next');
    const { sid: next } = JSON.parse((await fetchFrom(page, '/.pomerium/user')).body);
    expect([sid, next]).toEqual([expect.stringMatching(/^session-/), expect.not.stringMatching(sid)]);
  });

  test('ends when the person signs out at the provider', async () => {
    const { provider, openSignedIn } = stage();
    await using context = await openSignedIn('alice');
    await using bystander = await openSignedIn('bob');
    await provider.signOut('alice');
    expect((await fetchFrom(context.page, '/data')).status).toBe(401);
    expect((await fetchFrom(bystander.page, '/data')).status).toBe(200);
    await context.page.reload();
    await untilShown(context.page, 'Who are you?');
  });

  test('opens a WebSocket for pages of its own origin alone', async () => {
    const { app, wiki, neighbour, socket, behalf, openSignedIn } = stage();
    await using context = await openSignedIn('alice');
    const { page } = context;
    const answers: string[] = [];
    for (const origin of [app, neighbour, wiki]) {
      await page.goto(origin);
      answers.push(await greet(page, socket));
    }
    expect(answers).toEqual(['hello', 'refused', 'refused']);
    await eventually(async () => {
      const lines = (await behalf.logLines()).filter(({ path, status }) => path === '/socket' && status !== 101);
      expect(lines.map(({ status, reasons }) => [status, reasons])).toEqual([
        [403, ['origin']],
        [401, ['user-unauthenticated']],
      ]);
    });
  });
});

/** Resolves when scripts of the page are told that nobody is signed in. */
async function untilRefused(page: Parameters<typeof fetchFrom>[0]): Promise<void> {
  await expect.poll(async () => (await fetchFrom(page, '/data')).status).toBe(401);
}
