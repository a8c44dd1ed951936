import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** On the provider's page, says who one is. */
export function choose(page: Page, sub: string): Promise<void> {
  return page.click(`button[name=person][value=${sub}]`);
}

/** Resolves when the page, or the one that it leads to, has this for its heading. */
export async function untilShown(page: Page, heading: string): Promise<void> {
  await expect.poll(() => page.textContent('h1')).toBe(heading);
}

/** What a script of the page is answered, by the page's own host. */
export function fetchFrom(
  page: Page,
  path: string,
): Promise<{ readonly status: number; readonly body: string; readonly signIn: string | null }> {
  return page.evaluate(`fetch(${JSON.stringify(path)}, { cache: 'no-store' }).then(async (response) => ({
    status: response.status, body: await response.text(), signIn: response.headers.get('www-authenticate') }))`);
}

/** What a WebSocket that a script of the page opens repeats of "hello"; `refused` where it does not open. */
export function greet(page: Page, address: string): Promise<string> {
  return page.evaluate(`new Promise((resolve) => {
    const socket = new WebSocket(${JSON.stringify(address)});
    isOpen = true;
    socket.onopen = () => socket.send('hello');
    socket.onmessage = ({ data }) => resolve(data);
    socket.onclose = () => { isOpen = false; resolve('refused'); };
  })`);
}

/** Axe's rules that the page breaks, each with the HTML at fault. */
export async function findFaults(page: Page): Promise<readonly (readonly string[])[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html)]);
}
