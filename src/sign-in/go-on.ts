import type { Page } from '../pages/page.ts';
import type { Answer } from './answer.ts';

/**
 * On to another page by way of this one. Unlike a redirect, it is a new navigation, which begins here: no `form-action` of
 * the page whose form was answered holds it up (Chromium follows that through all redirects), and Strict cookies go with it.
 */
export function goOn(url: string | URL, page: Page, headers: Answer['headers'] = []): Answer {
  return {
    status: 200,
    headers: [...page.headers, ['refresh', `0; url=${url}`], ...headers],
    body: page.html,
  };
}
