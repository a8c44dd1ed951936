import { chmod, lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { raiseSignInStage } from '../attacks/raise-sign-in-stage.ts';
import { eventually } from '../support/eventually.ts';
import type { JarBrowser } from '../support/open-jar-browser.ts';
import { pressConsent } from '../support/press-consent.ts';
import { runBehalf } from '../support/run-behalf.ts';
import { startLogin } from '../support/start-login.ts';

const stage = await raiseSignInStage();
const { app, wiki, openBrowser } = stage;
const folder = await mkdtemp(join(tmpdir(), 'behalf-login-'));
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A desktop whose browser keeps in a file what it was told to open. */
const OPENERS = join(folder, 'bin');
const opened = join(folder, 'opened');
await mkdir(OPENERS);
for (const name of ['xdg-open', 'open']) {
  await writeFile(join(OPENERS, name), `#!/bin/sh\nprintf '%s\\n' "$@" >>'${opened}'\n`);
  await chmod(join(OPENERS, name), 0o755);
}

/** A desktop's programs; the shell that runs them is wherever the system has it. */
const DESKTOP = { cwd: folder, path: [OPENERS, '/bin', '/usr/bin'].join(delimiter) };

/** What somebody does: signs in where they have not, presses the button, and lets the browser go on. */
async function answer(browser: JarBrowser, url: string, said: 'allow' | 'deny'): Promise<string> {
  const first = await browser.visit(url);
  const page = first.status === 200 ? first : await browser.signIn(url, 'alice');
  const landed = await fetch(browser.next(await pressConsent(browser, page, said)));
  return `${landed.status} ${/<h1>(.*)<\/h1>/.exec(await landed.text())?.[1]}`;
}

/** Whom a route's upstream is told of. */
async function whoAmI(site: string, authorization: string): Promise<string> {
  const headers = { authorization, accept: '*/*', 'sec-fetch-mode': [], 'sec-fetch-dest': [], 'sec-fetch-site': [] };
  return stage.describe(await openBrowser().send(site, { headers }));
}

describe('behalf login', () => {
  const alice = openBrowser();

  test('prints a token alone, with which programs are whoever said yes, on that site', async () => {
    const { url, ended } = startLogin([`${app}/some/page`]);
    expect(await answer(alice, await url, 'allow')).toBe('200 Your program may go on');
    const { exitCode, stdout, stderr } = await ended;
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const token = stdout.trim();
    expect(stderr).not.toContain(token);
    expect(await whoAmI(app, `Bearer Pomerium-${token}`)).toBe('alice');
    expect(await whoAmI(app, `Pomerium ${token}`)).toBe('alice');
    expect(await whoAmI(wiki, `Bearer Pomerium-${token}`)).toBe('401');
  });

  test('opens the address in the browser, and writes the header for curl into a file of nobody else', async () => {
    await symlink('/dev/null', join(folder, 'header'));
    const { url, ended } = startLogin([wiki, '--header-file', 'header'], DESKTOP);
    const shown = await url;
    expect(await answer(alice, shown, 'allow')).toBe('200 Your program may go on');
    expect(await ended).toMatchObject({ exitCode: 0, stdout: '' });
    // Nobody waits for the browser.
    await eventually(async () => expect(await readFile(opened, 'utf8')).toBe(`${shown}\n`));
    const { mode } = await lstat(join(folder, 'header'));
    expect(mode).toBe(0o100600);
    const header = await readFile(join(folder, 'header'), 'utf8');
    expect(header).toMatch(/^Authorization: Bearer Pomerium-\S+\n$/);
    expect(await whoAmI(wiki, header.trim().replace('Authorization: ', ''))).toBe('alice');
  });

  test('ends with 1 where the answer is no', async () => {
    const { url, ended } = startLogin([app, '--print']);
    expect(await answer(alice, await url, 'deny')).toBe('400 Your program did not get in');
    const { exitCode, stdout, stderr } = await ended;
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^behalf: you said no in the browser: there is no token$/m);
  });

  test.each([
    ['in no folder', 'nowhere/header', 'ENOENT'],
    ['in place of a folder', '.', '"." is a folder'],
  ])('asks nobody for a header that cannot be written: %s', async (_, file, why) => {
    const { exitCode, stdout, stderr } = await runBehalf(['login', app, '--header-file', file], { cwd: folder });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(new RegExp(`^behalf: the header cannot be written: ${why}.*\n$`));
  });

  const WRONG: Record<string, readonly [readonly string[], string]> = {
    'no URL': [[], 'behalf: the URL of the site is missing'],
    'clear text': [
      ['http://app.example.com'],
      'behalf: "http://app.example.com" is no https: URL, nor http: on loopback',
    ],
    'two ways to give the token': [
      ['https://app.example.com', '--print', '--header-file', 'x'],
      'behalf: --print and --header-file do not go together',
    ],
  };
  test.each(Object.entries(WRONG))('%s is wrong usage', async (_, [args, message]) => {
    const { exitCode, stdout, stderr } = await runBehalf(['login', ...args]);
    expect([exitCode, stdout, stderr.split('\n')[0]]).toEqual([2, '', message]);
    expect(stderr).toContain('usage: behalf login URL [--print | --header-file FILE]');
  });
});
