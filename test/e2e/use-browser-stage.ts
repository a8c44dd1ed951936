import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { openBrowser } from '../support/open-browser.ts';
import { type BrowserStage, raiseBrowserStage } from './raise-browser-stage.ts';

/**
 * One browser and one stage for all tests of a `describe`, which gets them by what this returns. After each the provider is
 * well again, and no page may have broken its own Content-Security-Policy.
 */
export function useBrowserStage(): () => BrowserStage {
  const resources = new AsyncDisposableStack();
  let stage: BrowserStage;
  beforeAll(async () => {
    stage = resources.use(await raiseBrowserStage(resources.use(await openBrowser())));
  });
  afterAll(() => resources.disposeAsync());
  afterEach(async () => {
    await stage.mendProvider();
    expect(stage.complaints).toEqual([]);
  });
  return () => stage;
}
