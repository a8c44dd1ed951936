import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeLearnedPage } from '../../src/demo/write-learned-page.ts';
import { describeInBrowser, openBrowser } from '../support/open-browser.ts';
import { APP } from './samples.ts';

/** The left edges of the services' columns, and how far the last one reaches. */
const EDGES = `(() => {
  const boxes = [...document.querySelectorAll('.services > li')].map((each) => each.getBoundingClientRect());
  return { lefts: boxes.map(({ left }) => left), right: Math.max(...boxes.map(({ right }) => right)) };
})()`;

describeInBrowser('what the services learned is seen whole', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  test.each([
    ['below each other', 390, 1],
    ['below each other', 800, 1],
    ['below each other', 1000, 1],
    ['below each other', 1055, 1],
    ['beside each other', 1056, 3],
  ])('%s at %s px', async (_, width, columns) => {
    await using tab = await browser.newPage({ viewport: { width, height: 800 } });
    await tab.setContent(writeLearnedPage(APP).html);
    const { lefts, right } = await tab.evaluate<{ lefts: number[]; right: number }>(EDGES);
    expect([lefts.length, new Set(lefts).size]).toEqual([3, columns]);
    expect(right).toBeLessThanOrEqual(width);
  });
});
