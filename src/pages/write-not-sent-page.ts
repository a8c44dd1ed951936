import { buildPage } from './build-page.ts';
import { html } from './html.ts';
import type { Look, Page } from './page.ts';
import { showText } from './show-text.ts';
import { writeFacts } from './write-facts.ts';
import type { Asked } from './write-refusal-page.ts';

export interface NotSent {
  readonly requestId: string;
  readonly asked: Asked;
  readonly signInUrl: string;
}

/**
 * 401 to a form that was posted without a session: it went nowhere. Nothing is kept here, but the browser has the form still,
 * and asks whether to send it again where this page is reloaded.
 */
export function writeNotSentPage({ requestId, asked, signInUrl }: NotSent, look: Look): Page {
  const body = html`<div class="stop">
<p class="above">Not signed in</p>
<h1>Your form was not sent</h1>
</div>
<p class="lead">You are not signed in, or not any more. What you entered did not reach the site, and nothing was saved. Your browser still has it.</p>
<section class="card"><h2>To send it now</h2>
<ol class="steps">
<li>Leave this page open, and sign in: the button opens another tab.</li>
<li>Come back to this tab and reload it. The browser asks whether to send the form again: say yes.</li>
</ol>
<p class="actions"><a class="button" href="${signInUrl}" target="_blank" rel="noopener">Sign in<span class="hidden"> (opens another tab)</span></a></p>
</section>
<section><h2>About this request</h2>
${writeFacts([
  ['Your form went to', html`<span class="mono">${showText(asked.method)} ${showText(asked.url)}</span>`],
  ['Request id', html`<span class="mono">${requestId}</span>`],
])}
</section>`;
  return buildPage({ title: 'Your form was not sent', body }, look);
}
