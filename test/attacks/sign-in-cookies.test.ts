import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { choosePerson } from '../support/choose-person.ts';
import type { JarBrowser } from '../support/open-jar-browser.ts';
import { sendRaw } from '../support/send-raw.ts';
import { raiseSignInStage, SESSION_COOKIE } from './raise-sign-in-stage.ts';

const stage = await raiseSignInStage();
afterAll(() => stage[Symbol.asyncDispose]());
const { app, authenticate, wiki, behalf, provider, openBrowser, describe: describeVisit } = stage;

let alice: JarBrowser;
let bob: JarBrowser;
beforeAll(async () => {
  [alice, bob] = [openBrowser(), openBrowser()];
  await alice.signIn(app, 'alice');
  await alice.visit(wiki);
  await bob.signIn(app, 'bob');
});

const cookieOf = (browser: JarBrowser, name = 'app'): string =>
  browser.jar(`${name}.localhost`).get(SESSION_COOKIE) ?? '';

/** By a thief who has no cookies but these. */
const ask = (cookie: string, url = app) => openBrowser().send(url, { headers: { cookie } });
const session = (value: string): string => `${SESSION_COOKIE}=${value}`;

describe('session cookies that are not', () => {
  const changes: Record<string, (value: string) => string> = {
    'made up': () => randomBytes(48).toString('base64url'),
    'with its first character changed': (value) => (value.startsWith('A') ? 'B' : 'A') + value.slice(1),
    'with its last character changed': (value) => value.slice(0, -1) + (value.endsWith('A') ? 'B' : 'A'),
    'cut short': (value) => value.slice(0, -1),
    'its locator alone': (value) => value.slice(0, 32),
    'with something behind it': (value) => `${value}A`,
    'in quotes': (value) => `"${value}"`,
    'the sid': () => 'session-AAAAAAAAAAAAAAAAAAAAAA',
    empty: () => '',
  };
  test.each(Object.entries(changes))('%s', async (_, change) => {
    expect(describeVisit(await ask(session(change(cookieOf(alice)))))).toBe('302');
  });

  test("one of alice's own, unchanged", async () => {
    expect(describeVisit(await ask(session(cookieOf(alice))))).toBe('alice');
  });

  test.each(['wiki', 'authenticate'])('the one of %s', async (name) => {
    expect(cookieOf(alice, name)).toMatch(/^[\w-]{64}$/);
    expect(describeVisit(await ask(session(cookieOf(alice, name))))).toBe('302');
  });

  test.each(['_pomerium', '__Secure-_pomerium', '__host-_pomerium', '__Host-_pomerium_browser', '__Host-_Pomerium'])(
    'under the name %s, which siblings may set',
    async (name) => {
      expect(describeVisit(await ask(`${name}=${cookieOf(alice)}`))).toBe('302');
    },
  );
});

describe('cookies tossed beside the own one', () => {
  test('dead ones do not hide the one that lives', async () => {
    const dead = session(randomBytes(48).toString('base64url'));
    expect(describeVisit(await ask(`${dead}; ${session(cookieOf(alice))}; ${dead}`))).toBe('alice');
  });

  test.each([
    ['before', () => `${session(cookieOf(bob))}; ${session(cookieOf(alice))}`],
    ['behind', () => `${session(cookieOf(alice))}; ${session(cookieOf(bob))}`],
  ])('one that lives %s it: 401, and both are cleared', async (_, cookie) => {
    const answer = await ask(cookie());
    expect(answer.status).toBe(401);
    expect(answer.setCookies).toEqual([expect.stringMatching(/^__Host-_pomerium=; Max-Age=0;/)]);
    expect(describeVisit(await ask(session(cookieOf(alice))))).toBe('alice');
  });

  test('none of them goes upstream', async () => {
    const own = [
      session(cookieOf(alice)),
      '_pomerium=x',
      '__Host-_pomerium_browser=x',
      '__Host-_pomerium_state_AAAAAAAA=x',
    ];
    await ask([...own, 'theme=dark'].join('; '));
    expect(stage.recorder.requests.at(-1)?.rawHeaders.join('\n')).toMatch(/\ncookie\ntheme=dark(?:\n|$)/i);
  });
});

describe('floods', () => {
  test('callbacks for one sign-in that began: the provider is asked once', async () => {
    const browser = openBrowser();
    const callback = await choosePerson(browser.next(await browser.visit(app)), 'alice');
    const states = [...browser.jar('authenticate.localhost')].map(([name, value]) => `${name}=${value}`).join('; ');
    const forged = (await provider.requests()).length;
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        callback.searchParams.set('code', `code-${index}`);
        return openBrowser().send(callback, { headers: { cookie: states } });
      }),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
    const asked = (await provider.requests()).slice(forged).filter((request) => request === 'POST /token');
    expect(asked).toEqual(['POST /token']);
    expect(describeVisit(await alice.send(app))).toBe('alice');
  });

  test('callbacks and hand-overs of nobody: each is refused, and the proxy goes on', async () => {
    const junk = (index: number): string => randomBytes(20 + index).toString('base64url');
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        openBrowser().send(
          index % 2 === 0
            ? `${authenticate}/oauth2/callback?state=${junk(index)}&code=${junk(index)}`
            : `${app}/.pomerium/callback/?handover=${junk(index)}`,
        ),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
    expect(answers.flatMap(({ setCookies }) => setCookies)).toEqual([]);
    expect(describeVisit(await alice.send(app))).toBe('alice');
  });

  test.each([
    ['of one name', () => `x=${'y'.repeat(10_000_000)}`],
    ['of the name of ours', () => session('A'.repeat(10_000_000))],
    [
      'of many names',
      () => Array.from({ length: 400_000 }, (_, index) => `${SESSION_COOKIE}_state_${index}=x`).join('; '),
    ],
  ])('10 MB of cookies %s', async (_, cookies) => {
    const bytes = `GET / HTTP/1.1\r\nHost: app.localhost\r\nAccept: text/html\r\nCookie: ${cookies()}\r\n\r\n`;
    expect(await sendRaw(behalf.url, bytes)).toMatch(/^(?:HTTP\/1\.1 431 |$)/);
    expect(describeVisit(await alice.send(app))).toBe('alice');
  });

  test('30 KB of session cookies: those are not looked for', async () => {
    const many = Array.from({ length: 350 }, () => session(randomBytes(48).toString('base64url')));
    expect(describeVisit(await ask(many.join('; ')))).toBe('302');
    expect(describeVisit(await ask([...many.slice(0, 4), session(cookieOf(alice))].join('; ')))).toBe('alice');
  });
});
