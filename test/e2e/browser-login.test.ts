import { expect, test } from 'vitest';
import { describeInBrowser } from '../support/open-browser.ts';
import { startLogin } from '../support/start-login.ts';
import { choose, findFaults, untilShown } from './on-page.ts';
import { useBrowserStage } from './use-browser-stage.ts';

const LANDED = 'http://127.0.0.1:*/*?*';

describeInBrowser('behalf login in Chromium', () => {
  const stage = useBrowserStage();

  test('whoever signs in on the way is asked, and says yes; then they are asked at once, and say no', async () => {
    const { app, wiki, openContext } = stage();
    await using context = await openContext();
    const page = await context.newPage();
    const first = startLogin([app]);
    await page.goto(await first.url);
    await choose(page, 'alice');
    await untilShown(page, 'Let a program act as you?');
    expect(await findFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Let it act as me' }).click();
    await page.waitForURL(LANDED);
    await untilShown(page, 'Your program may go on');
    expect(await first.ended).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/),
    });

    const second = startLogin([wiki]);
    await page.goto(await second.url);
    await page.getByRole('button', { name: 'No, do not' }).click();
    await untilShown(page, 'Your program did not get in');
    expect(await second.ended).toMatchObject({ exitCode: 1, stdout: '' });
  });
});
