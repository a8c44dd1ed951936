import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { describeInBrowser } from '../support/open-browser.ts';
import { valuesOf } from '../support/start-recorder.ts';
import { choose, fetchFrom, findFaults, untilShown } from './on-page.ts';
import { raiseBrowserStage } from './raise-browser-stage.ts';
import { useBrowserStage } from './use-browser-stage.ts';

describeInBrowser('in Chromium, where the provider is', () => {
  const stage = useBrowserStage();

  /** When the ID token ends that App was told of last, in seconds since 1970. */
  const tokenEnd = (): number => {
    const [token = ''] = valuesOf(stage().requests('/data').at(-1) ?? { rawHeaders: [] }, 'x-id-token');
    return decodeJwt(token).exp ?? 0;
  };

  const untilTokensEnd = async (): Promise<void> => {
    await expect.poll(() => Date.now() / 1000).toBeGreaterThan(tokenEnd());
  };

  test('away, a session outlives its tokens, and is refreshed when the provider is back', async () => {
    const { provider, openSignedIn } = stage();
    await provider.setLifetimes({ idToken: 3, accessToken: 3 });
    await using context = await openSignedIn('alice', '/data');
    await provider.stop();
    await untilTokensEnd();
    const end = tokenEnd();
    await context.page.reload();
    await untilShown(context.page, 'alice (engineering): GET /data');
    expect(tokenEnd()).toBe(end);
    await provider.start();
    await eventually(async () => {
      expect((await fetchFrom(context.page, '/data')).status).toBe(200);
      expect(tokenEnd()).toBeGreaterThan(end);
    });
  });

  test('silent for too long, a session ends; who then signs in is told, and can once it answers', async () => {
    const { app, provider, openSignedIn, reconfigure } = stage();
    await provider.setLifetimes({ idToken: 3, accessToken: 3 });
    await using context = await openSignedIn('alice', '/data');
    const { page } = context;
    await provider.setTrouble({ kind: 'hang', paths: ['/token'] });
    await reconfigure({ idp_outage_grace: '0s' });
    await untilTokensEnd();
    expect((await fetchFrom(page, '/data')).status).toBe(401);
    await page.reload();
    await untilShown(page, 'Sign-in is not available right now');
    expect(await findFaults(page)).toEqual([]);
    await reconfigure({});
    await provider.setTrouble(null);
    await page.click('text=Sign in again');
    await untilShown(page, 'alice (engineering): GET /data');
    expect(page.url()).toBe(`${app}/data`);
  });

  test('away at the start, public pages are there, and signing in is as soon as the provider is', async () => {
    await using own = await raiseBrowserStage(stage().browser, { isProviderAway: true });
    await using context = await own.openContext();
    const page = await context.newPage();
    await page.goto(own.open);
    await untilShown(page, 'nobody (): GET /');
    await page.goto(`${own.app}/page?a=b`);
    await untilShown(page, 'Sign-in is not available right now');
    expect(await findFaults(page)).toEqual([]);
    await own.provider.start();
    await eventually(async () => {
      const isAtProvider = new URL(page.url()).origin === own.provider.issuer;
      if (!isAtProvider) await page.click('text=Sign in again');
      expect(await page.textContent('h1')).toBe('Who are you?');
    });
    await choose(page, 'alice');
    await untilShown(page, 'alice (engineering): GET /page?a=b');
    expect(own.complaints).toEqual([]);
  });

  test.each([
    ['half a minute ahead', 30],
    ['half a minute behind', -30],
  ])('%s, people sign in, and out at the provider', async (_, seconds) => {
    const { provider, openSignedIn } = stage();
    await provider.setLifetimes({ idToken: 20 });
    await provider.shiftClock(seconds);
    await using context = await openSignedIn('alice');
    expect((await fetchFrom(context.page, '/data')).status).toBe(200);
    await provider.signOut('alice');
    expect((await fetchFrom(context.page, '/data')).status).toBe(401);
  });

  test('minutes behind, nobody signs in until its clock is right', async () => {
    const { app, provider, openContext } = stage();
    await provider.setLifetimes({ idToken: 20 });
    await provider.shiftClock(-300);
    await using context = await openContext();
    const page = await context.newPage();
    await page.goto(app);
    await choose(page, 'alice');
    await untilShown(page, 'You could not be signed in');
    expect(await findFaults(page)).toEqual([]);
    await provider.shiftClock(0);
    await page.click('text=Sign in again');
    await untilShown(page, 'alice (engineering): GET /');
  });
});
