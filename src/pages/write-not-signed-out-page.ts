import { buildPage } from './build-page.ts';
import { html } from './html.ts';
import type { Look, Page } from './page.ts';
import { showText } from './show-text.ts';
import { writeFacts } from './write-facts.ts';

export interface NotSignedOut {
  /** Kebab-case. */
  readonly reason: string;
  /** The answer's. */
  readonly status: number;
  readonly requestId: string;
  /** Where to ask for it rightly. */
  readonly signOutUrl: string;
}

/** A sign-out that another site may have sent: it ended nothing. */
export function writeNotSignedOutPage({ reason, status, requestId, signOutUrl }: NotSignedOut, look: Look): Page {
  const body = html`<div class="stop">
<p class="above">Sign-out</p>
<h1>Nobody was signed out</h1>
</div>
<p class="lead">What came here was not sent by the sign-out page of this site. Nothing has changed.</p>
<section class="card"><h2>What you can do</h2>
<ul class="steps">
<li>If it was you who wanted to sign out, do it on that page.<p class="actions"><a class="button" href="${signOutUrl}">Go to the sign-out page</a></p></li>
<li>If its button leads here too, tell whoever runs this site, and give them this request id: <code class="ticket">${requestId}</code></li>
</ul>
</section>
<section><h2>About this sign-out</h2>
${writeFacts([
  ['Reason', html`<span class="mono">${showText(reason)}</span>`],
  ['Answer', `${status}`],
  ['Request id', html`<span class="mono">${requestId}</span>`],
])}
</section>`;
  return buildPage({ title: 'Nobody was signed out', body }, look);
}
