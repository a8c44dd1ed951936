import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { describeInBrowser, openBrowser } from '../support/open-browser.ts';
import { startBehalf } from '../support/start-behalf.ts';
import { startRecorder, valuesOf } from '../support/start-recorder.ts';
import { findFaults, untilShown } from './on-page.ts';

const USERS =
  'people: {alice: {id: alice, email: alice@companydomain.com}, bob: {id: bob, email: bob@companydomain.com}}';

describeInBrowser('behalf serve --dev-users in Chromium', () => {
  test('whoever opens a page is asked whom to be, is that person there, and somebody else after a sign-out', async () => {
    await using stack = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'behalf-dev-users-'));
    stack.defer(() => rm(folder, { recursive: true }));
    const users = join(folder, 'users.yaml');
    await writeFile(users, USERS);
    const upstream = stack.use(
      await startRecorder(({ url, headers }, response) => {
        response.setHeader('content-type', 'text/html');
        response.end(`<!doctype html><title>App</title><h1>${headers['x-pomerium-claim-sub']}: ${url}</h1>`);
      }),
    );
    const port = await freePort();
    const app = `http://app.localhost:${port}`;
    const policy = { allow: { or: [{ domain: { is: 'companydomain.com' } }] } };
    const config = {
      address: `127.0.0.1:${port}`,
      jwt_claims_headers: ['sub'],
      routes: [{ from: app, to: upstream.url, pass_identity_headers: true, policy }],
    };
    stack.use(await startBehalf(config, ['--dev-users', users]));
    const browser = stack.use(await openBrowser());

    const page = await browser.newPage();
    await page.goto(`${app}/deep?a=b`);
    await untilShown(page, 'Who do you want to be?');
    expect(await findFaults(page)).toEqual([]);
    await page.click('button:has-text("alice")');
    await untilShown(page, 'alice: /deep?a=b');
    expect(page.url()).toBe(`${app}/deep?a=b`);
    expect(upstream.requests.flatMap((request) => valuesOf(request, 'cookie'))).toEqual([]);

    await page.goto(`${app}/.pomerium/sign_out`);
    await page.click('button');
    await page.waitForURL('**/.pomerium/signed_out?*');
    await untilShown(page, 'You are signed out');
    await page.goto(`${app}/deep?a=b`);
    await page.click('button:has-text("bob")');
    await untilShown(page, 'bob: /deep?a=b');
  });
});
