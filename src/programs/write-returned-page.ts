import { buildPage } from '../pages/build-page.ts';
import { html } from '../pages/html.ts';
import type { Page } from '../pages/page.ts';

const LOOK = { name: 'Behalf', logo: null, color: null };

/** What somebody's browser shows when the program that asked has its answer. */
export function writeReturnedPage(isDone: boolean): Page {
  const title = isDone ? 'Your program may go on' : 'Your program did not get in';
  const lead = isDone ? 'It can act as you now.' : 'It says why in its own window.';
  const body = html`<h1>${title}</h1><p class="lead">${lead} You can close this tab.</p>`;
  return buildPage({ title, body }, LOOK);
}
