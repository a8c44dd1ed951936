import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { describeInBrowser, openBrowser } from '../support/open-browser.ts';
import { BEHALF } from '../support/start-behalf.ts';
import { DEMO_TIMEOUT, takeDemoTurn } from '../support/take-demo-turn.ts';

const [PROGRAM, ...MAIN] = BEHALF;

/** Starts `behalf demo` and gives what it printed up to the line that holds `word`. */
async function startDemo(word: string): Promise<{ demo: ChildProcess; text: string; config: string }> {
  const demo = spawn(PROGRAM, [...MAIN, 'demo'], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void demo.kill());
  const lines: string[] = [];
  for await (const line of createInterface({ input: demo.stdout })) {
    lines.push(line);
    if (line.includes(word)) break;
  }
  const text = lines.join('\n');
  return { demo, text, config: /\S+\/scenario\.yaml/.exec(text)?.[0] ?? '' };
}

/** The ports of the proxy, the provider and the three services, as the copy of the scenario has them. */
function portsOf(config: string): string[] {
  return [...readFileSync(config, 'utf8').matchAll(/^(?!\s*#).*127\.0\.0\.1:(\d+)$/gm)].map(([, port = '']) => port);
}

async function listening(ports: readonly string[]): Promise<string[]> {
  const refused = await Promise.all(
    ports.map((port) =>
      fetch(`http://127.0.0.1:${port}/ping`).then(
        () => false,
        () => true,
      ),
    ),
  );
  return ports.filter((_, index) => !refused[index]);
}

test('--once walks the chain, lies in vain and exits 0', DEMO_TIMEOUT, async () => {
  await takeDemoTurn();
  const { stdout, stderr } = await promisify(execFile)(PROGRAM, [...MAIN, 'demo', '--once']);
  expect(stderr).toBe('');
  const lines = stdout.split('\n');
  const start = lines.findIndex((line) => line.startsWith(' ✓ App '));
  const [digest = 'none'] = /\d+ bytes, sha256 [0-9a-f]{16}/.exec(stdout) ?? [];
  expect(lines.slice(start - 1, start + 10)).toEqual([
    ' ✓ alice  Sign-in    app, authenticate, provider, authenticate, app',
    ' ✓ App    Assertion  user alice@companydomain.com, for app.localhost',
    `                     ${digest}`,
    ' ✓        -For       none',
    ' ✓ API    Assertion  service account api-access, for api.localhost',
    ' ✓        -For       user alice@companydomain.com, for app.localhost',
    ` ✓                   ${digest}`,
    ' ✓ API2   Assertion  service account api2-access, for api2.localhost',
    ' ✓        -For       user alice@companydomain.com, for app.localhost',
    ` ✓                   ${digest}`,
    ' ✓ alice  Answer     200',
  ]);
  expect(stdout).toContain('All as expected.');
  expect(stdout).not.toContain('✗');
  expect(stdout).not.toContain('\x1b');
  expect(lines.filter((line) => line.length > 80 && !line.includes('/scenario.yaml'))).toEqual([]);
  expect(lines.length).toBeLessThan(60);
});

test(
  'it takes a free port for one that is taken, its curl lines work, and Ctrl-C leaves nothing',
  DEMO_TIMEOUT,
  async () => {
    await takeDemoTurn();
    const listen = async () => {
      const server = createServer().listen(4455, '127.0.0.1');
      await once(server, 'listening');
      return server;
    };
    // An earlier demo may have the port for a moment more; where somebody has it for good, so much the better.
    const squatter = await eventually(listen).catch(() => null);
    onTestFinished(() => void squatter?.close());
    const { demo, text, config } = await startDemo('Ctrl-C');
    expect(text).toContain('port 4455 is taken');
    const ports = portsOf(config);
    expect(ports).toHaveLength(5);
    expect(await listening(ports)).toEqual(ports);

    const curls = text.match(/^ +curl (?:.*\\\n)*.*$/gm) ?? [];
    const answers = await Promise.all(curls.map((curl) => promisify(execFile)('sh', ['-c', curl])));
    const [alice, eve, liar] = answers.map(({ stdout }) => JSON.parse(stdout));
    expect(alice.next.next).toMatchObject({
      server: 'API2',
      caller: { id: 'api2-access' },
      originalUser: { id: 'alice' },
    });
    expect(eve).toMatchObject({ status: 403, reasons: ['domain-unauthorized'] });
    expect(liar).toMatchObject({ status: 403, reasons: ['original-user-invalid'] });

    demo.kill('SIGINT');
    expect(await once(demo, 'exit')).toEqual([0, null]);
    expect(await listening(ports)).toEqual([]);
    expect(existsSync(config)).toBe(false);
  },
);

describeInBrowser('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  async function signIn(url: string, person: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(url);
    await page.click(`button[name=person][value=${person}]`);
    return page;
  }

  test('shows people of the company what all learned, and others that they are refused', DEMO_TIMEOUT, async () => {
    await takeDemoTurn();
    const { text } = await startDemo('Ctrl-C');
    const [url = ''] = /http:\/\/app\.localhost:\d+\//.exec(text) ?? [];

    const alice = await signIn(`${url}reports?year=2026`, 'alice');
    await alice.waitForURL(`${url}reports?year=2026`);
    expect(await alice.textContent('h1')).toBe('Hello, Alice');
    expect(await alice.locator('.services h2').allTextContents()).toEqual(['App', 'API', 'API2']);
    expect(await alice.locator('.person').count()).toBe(3);
    const tokens = await alice.locator('.person .print').allTextContents();
    expect(tokens).toEqual(Array(3).fill(expect.stringMatching(/^\d+ bytes, sha256 [0-9a-f]{16}$/)));
    expect(new Set(tokens).size).toBe(1);
    expect(await alice.locator('.program .face').allTextContents()).toEqual([
      expect.stringContaining('api-access'),
      expect.stringContaining('api2-access'),
    ]);

    await alice.click('text=Sign out');
    await alice.click('button');
    await alice.click('button[name=logout]');
    await alice.waitForURL('**/.pomerium/signed_out*');
    await alice.goto(url);
    expect(await alice.textContent('h1')).toBe('Who are you?');

    const eve = await signIn(url, 'eve');
    await eve.waitForURL(url);
    expect((await eve.reload())?.status()).toBe(403);
    expect(await eve.textContent('main')).toContain('eve@elsewhere.example');
    await eve.close();
    await alice.close();
  });
});

test('nothing of it outlives it when it is killed', DEMO_TIMEOUT, async () => {
  await takeDemoTurn();
  const { demo, config } = await startDemo('ready');
  const ports = portsOf(config);
  expect(await listening(ports)).toEqual(ports);
  demo.kill('SIGKILL');
  await expect.poll(() => listening(ports)).toEqual([]);
  rmSync(config.replace('scenario.yaml', ''), { recursive: true });
});

test('it says what it does not understand', async () => {
  const failed = await promisify(execFile)(PROGRAM, [...MAIN, 'demo', '--twice']).catch((error) => error);
  expect(failed).toMatchObject({ code: 2, stdout: '' });
  expect(failed.stderr).toContain('unexpected argument "--twice"');
});
