import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPage } from '../../src/pages/build-page.ts';
import { html } from '../../src/pages/html.ts';
import type { Page } from '../../src/pages/page.ts';
import { writeForm } from '../../src/pages/write-form.ts';
import { writeNotSentPage } from '../../src/pages/write-not-sent-page.ts';
import { DEMO_SAMPLES } from '../demo/samples.ts';
import { PROGRAM_SAMPLES } from '../programs/samples.ts';
import { describeInBrowser, openBrowser, VIEWS } from '../support/open-browser.ts';
import { PLAIN, SAMPLES } from './samples.ts';

const ALL_SAMPLES = { ...SAMPLES, ...DEMO_SAMPLES, ...PROGRAM_SAMPLES };
/** The narrowest that WCAG 2.2 names, 1.4.10. */
const NARROW = { width: 320, height: 640 };

describeInBrowser('in Chromium', () => {
  let browser: Browser;
  let tab: Tab;
  beforeAll(async () => {
    browser = await openBrowser();
    tab = await browser.newPage({ viewport: NARROW });
  });
  afterAll(() => browser.close());

  test.each(Object.entries(ALL_SAMPLES))('%s reads as it should', async (name, page) => {
    await tab.setContent(page.html);
    await expect(`${await tab.locator('body').ariaSnapshot()}\n`).toMatchFileSnapshot(`read/${name}.yaml`);
  });

  test.each(Object.entries(ALL_SAMPLES))('%s is not wider than a narrow screen', async (_, page) => {
    await tab.setContent(page.html);
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(NARROW.width);
  });

  test.each(Object.entries(VIEWS))('a long host breaks where its parts end: %s', async (_, options) => {
    await using page = await browser.newPage(options);
    await page.setContent(SAMPLES['who-am-i-long-host']?.html ?? '');
    const lines = await page.evaluate<string[]>(LINES_OF_HOST);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/[./-]$|example$/);
    expect(lines.join('')).toBe('expenses.internal-applications.eu-central.companydomain.example:8443');
  });

  test('every page’s own policy lets its style and images in', async () => {
    const complaints: string[] = [];
    await using page = await browser.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    for (const sample of Object.values(ALL_SAMPLES)) {
      await using server = await serve((_, response) => send(response, sample));
      await page.goto(server.url);
      expect(await page.evaluate('getComputedStyle(document.body).display')).toBe('grid');
    }
    expect(complaints).toEqual([]);
  });

  test('no script runs, wherever it came from', async () => {
    const page = buildPage({ title: 'x', body: html`<script>document.title = 'run'</script>` }, PLAIN);
    await using strict = await serve((_, response) => send(response, page));
    await tab.goto(strict.url);
    expect(await tab.title()).toBe('x · Behalf');
    await using lax = await serve((_, response) => send(response, { ...page, headers: [] }));
    await tab.goto(lax.url);
    expect(await tab.title()).toBe('run');
  });

  test('a form that was not sent is sent by signing in in another tab and reloading, as its page says', async () => {
    let isSignedIn = false;
    const notSent = writeNotSentPage(
      { requestId: 'id', asked: { method: 'POST', url: 'http://127.0.0.1/' }, signInUrl: '/sign-in' },
      PLAIN,
    );
    const form = buildPage(
      {
        title: 'x',
        body: html`<form method="post"><input name="note" value="kept"><button>Send</button>`,
        reaches: [],
      },
      PLAIN,
    );
    await using server = await serve(async (request, response) => {
      response.setHeader('cache-control', 'no-store');
      if (request.url === '/sign-in') isSignedIn = true;
      if (request.method !== 'POST') send(response, form);
      else if (isSignedIn) response.end(`sent ${await text(request)}`);
      else send(response, notSent);
    });
    await using context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(server.url);
    await page.click('button');
    await page.waitForSelector('h1');
    const [tab] = await Promise.all([context.waitForEvent('page'), page.click('a')]);
    await tab.waitForLoadState();
    await page.reload();
    expect(await page.textContent('body')).toBe('sent note=kept');
  });

  describe.each(['127.0.0.1', '::1'])('a form’s answer that redirects to %s', (host) => {
    test('goes there where the page says so', async () => {
      await using aim = await serve((_, response) => response.end('reached'), host);
      await using page = await browser.newPage();
      await using _form = await postTo(page, aim.url, [aim.url]);
      await page.waitForURL(aim.url);
      expect(await page.textContent('body')).toBe('reached');
    });

    test('goes nowhere where it does not', async () => {
      await using aim = await serve((_, response) => response.end('reached'), host);
      await using page = await browser.newPage();
      const complaint = page.waitForEvent('console');
      await using form = await postTo(page, aim.url, []);
      expect((await complaint).text()).toContain('form-action');
      expect(page.url()).toBe(form.url);
    });
  });

  describe.each(Object.entries(VIEWS))('axe: %s', (_, options) => {
    let tab: Tab;
    beforeAll(async () => {
      tab = await browser.newPage(options);
      await tab.evaluate(axe.source);
    });
    afterAll(() => tab.close());

    test.each(Object.entries(ALL_SAMPLES))('finds nothing on %s', async (_, page) => {
      expect(await findFaults(tab, page.html)).toEqual([]);
    });

    test('finds what is wrong', async () => {
      const faults = await findFaults(
        tab,
        '<title>x</title><p style="color:#888">Not to be read</p><img src="data:,">',
      );
      expect(faults.map(([id]) => id)).toEqual(expect.arrayContaining(['color-contrast', 'image-alt']));
    });
  });
});

/** Runs in the page: what stands in each line of the host in the picture of the chain. */
const LINES_OF_HOST = `(() => {
  const lines = new Map();
  for (const node of document.querySelector('.site bdi').childNodes) {
    for (let at = 0; at < (node.data ?? '').length; at += 1) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const { top } = range.getBoundingClientRect();
      lines.set(top, (lines.get(top) ?? '') + node.data[at]);
    }
  }
  return [...lines.values()];
})()`;

/** Axe's rules that a page breaks, each with the HTML at fault. */
async function findFaults(tab: Tab, content: string): Promise<readonly (readonly string[])[]> {
  await tab.setContent(content);
  const { violations } = await tab.evaluate<AxeResults>('axe.run()');
  return violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html)]);
}

/** A page with a form whose answer redirects to `url`; its button is pressed. */
async function postTo(tab: Tab, url: string, reaches: readonly string[]): Promise<Served> {
  const form = { action: '/', fields: {}, reaches };
  const page = buildPage({ title: 'x', body: writeForm(form, html`<button>Go</button>`), reaches }, PLAIN);
  const server = await serve((request, response) =>
    request.method === 'POST' ? response.writeHead(303, { location: url }).end() : send(response, page),
  );
  await tab.goto(server.url);
  await tab.click('button', { noWaitAfter: true });
  return server;
}

function send(response: Parameters<RequestListener>[1], { html, headers }: Page): void {
  response.writeHead(200, { 'content-type': 'text/html', ...Object.fromEntries(headers) }).end(html);
}

interface Served extends AsyncDisposable {
  readonly url: string;
}

async function serve(listener: RequestListener, host = '127.0.0.1'): Promise<Served> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
