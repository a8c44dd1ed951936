import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core';
import { describe } from 'vitest';

const CHROMIUM = '/usr/bin/chromium';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Light, dark and phone, as contexts of a browser have them. */
export const VIEWS = {
  light: { colorScheme: 'light', viewport: { width: 1080, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1080, height: 800 } },
  phone: { colorScheme: 'light', viewport: { width: 375, height: 740 }, deviceScaleFactor: 2, isMobile: true },
} as const satisfies Record<string, BrowserContextOptions>;

/** The machine's Chromium, with a profile of its own; close it by `await using`. Rejects where there is none. */
export function openBrowser(): Promise<Browser> {
  // The back button shows what people's browsers show: pages that were kept whole, without a load.
  return chromium.launch({
    executablePath: CHROMIUM,
    args: FLAGS,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
}

/** `describe` for tests that need a Chromium: left out where there is none, and said so, but in CI they fail then. */
export const describeInBrowser = existsSync(CHROMIUM) || process.env['CI'] !== undefined ? describe : skipLoudly();

function skipLoudly(): typeof describe.skip {
  console.warn(`\n${CHROMIUM} is missing, and the tests in a browser with it\n`);
  return describe.skip;
}
