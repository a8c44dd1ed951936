import { buildPage } from './build-page.ts';
import { html } from './html.ts';
import type { Look, Page } from './page.ts';

/** For a moment, on the way to `url`. */
export function writeGoOnPage(title: string, url: string, look: Look): Page {
  return buildPage(
    { title, body: html`<h1>${title}</h1><p class="actions"><a class="button" href="${url}">Go on</a></p>` },
    look,
  );
}
