import { afterAll, describe, expect, test } from 'vitest';
import { openSeal } from '../../src/sign-in/seal.ts';
import type { SignInRequest } from '../../src/sign-in/sign-in-parts.ts';
import { SHARED_SECRET } from '../support/lend-policies.ts';
import { raiseSignInStage } from './raise-sign-in-stage.ts';

const stage = await raiseSignInStage();
afterAll(() => stage[Symbol.asyncDispose]());
const { app, authenticate, openBrowser, provider } = stage;

const ELSEWHERE = [
  'https://elsewhere.example/',
  '//elsewhere.example/',
  '/\\elsewhere.example/',
  '\\\\elsewhere.example/',
  '/%09/elsewhere.example/',
  '/\t/elsewhere.example/',
  '/../..//elsewhere.example/',
  'https:elsewhere.example',
  '@elsewhere.example/',
  '.elsewhere.example/',
  ':80@elsewhere.example/',
  'javascript:alert(1)',
  'data:text/html,x',
];

/** Every address that a browser is sent to after this one, and links of the last page. */
async function follow(url: string, headers = {}): Promise<{ origins: Set<string>; links: string[] }> {
  const browser = openBrowser();
  await browser.signIn(app, 'alice');
  const origins = new Set<string>();
  let visited = await browser.send(url, { headers });
  while (visited.status === 302) {
    const next = browser.next(visited);
    origins.add(next.origin);
    if (next.origin !== app && next.origin !== authenticate) break;
    visited = await browser.send(next);
  }
  const links = [...visited.body.matchAll(/\b(?:href|action|url)="?(https?:[^"\s>]+)/g)].map(([, link = '']) => link);
  return { origins, links };
}

describe('no parameter leads anywhere else', () => {
  test.each(ELSEWHERE)('sign_in?redirect=%j', async (redirect) => {
    const { origins } = await follow(`${app}/.pomerium/sign_in?${new URLSearchParams({ redirect })}`);
    expect([...origins].toSorted()).toEqual([app, authenticate].toSorted());
  });

  test.each([
    'sign_in?request=',
    'callback/?handover=',
    'callback/?redirect=',
    'callback/?target=',
    'sign_out?redirect=',
    'sign_out?pomerium_redirect_uri=',
    'signed_out?session=',
    'signed_out?post_logout_redirect_uri=',
    '../oauth2/callback?redirect_uri=',
    '../oauth2/callback?iss=',
    '../oauth2/callback?state=',
    '?redirect=',
  ])('%s', async (parameter) => {
    for (const host of [app, authenticate]) {
      for (const value of ELSEWHERE.slice(0, 3)) {
        const { origins, links } = await follow(
          new URL(`${host}/.pomerium/${parameter}${encodeURIComponent(value)}`).href,
        );
        expect([...origins, ...links.map((link) => new URL(link).origin)]).not.toContain('https://elsewhere.example');
        for (const origin of origins) expect([app, authenticate, provider.issuer]).toContain(origin);
      }
    }
  });

  test('a Host that no route serves begins no sign-in', async () => {
    for (const host of ['elsewhere.example', 'app.localhost.elsewhere.example', 'app.localhost:1@elsewhere.example']) {
      const answer = await openBrowser().send(`${app}/.pomerium/sign_in`, { headers: { host } });
      expect([400, 404]).toContain(answer.status);
      expect(answer.header('location')).toBeNull();
    }
  });

  test('headers in front of the proxy do not name the origin', async () => {
    const headers = {
      'x-forwarded-host': 'elsewhere.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=elsewhere.example',
    };
    const { origins } = await follow(`${app}/.pomerium/sign_in`, headers);
    expect([...origins].toSorted()).toEqual([app, authenticate].toSorted());
  });
});

describe('what goes sealed through the browser', () => {
  const request: SignInRequest = { origin: 'https://elsewhere.example', target: '/', browser: 'x', isRetry: false };
  const secret = Buffer.from(SHARED_SECRET, 'base64');

  test.each([
    ['sealed with another secret', openSeal<SignInRequest>(Buffer.alloc(32, 'y'), 'signInRequest').seal(request, 600)],
    ['sealed for another purpose', openSeal<SignInRequest>(secret, 'signInState').seal(request, 600)],
    ['that has ended', openSeal<SignInRequest>(secret, 'signInRequest').seal(request, -1)],
    ['not sealed', Buffer.from(JSON.stringify({ exp: 9e9, content: request })).toString('base64url')],
    ['of nothing', ''],
    ['of megabytes', 'A'.repeat(20_000)],
  ])('is not taken: %s', async (_, sealed) => {
    const browser = openBrowser();
    await browser.signIn(app, 'alice');
    const answer = await browser.send(`${authenticate}/.pomerium/sign_in?request=${sealed}`);
    expect([answer.status, answer.header('location')]).toEqual([400, null]);
  });

  test('is taken as we sealed it', async () => {
    const own = openSeal<SignInRequest>(secret, 'signInRequest').seal({ ...request, origin: app }, 600);
    const browser = openBrowser();
    await browser.signIn(app, 'alice');
    const answer = await browser.send(`${authenticate}/.pomerium/sign_in?request=${own}`);
    expect(browser.next(answer).origin).toBe(app);
  });
});
