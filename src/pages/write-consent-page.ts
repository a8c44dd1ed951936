import { buildPage } from './build-page.ts';
import { html } from './html.ts';
import type { Form, Look, Page, Somebody } from './page.ts';
import { showSomebody } from './show-somebody.ts';
import { showText } from './show-text.ts';
import { writeChain } from './write-chain.ts';
import { writeDuration } from './write-duration.ts';
import { writeFacts } from './write-facts.ts';
import { writeForm } from './write-form.ts';
import { writeTime } from './write-time.ts';

/** Times in seconds since 1970. */
export interface Consent {
  /** The one host on which the program will be the caller. */
  readonly host: string;
  readonly caller: Somebody;
  /** The loopback address that gets the code: it says which program asks. */
  readonly redirectUri: string;
  readonly now: number;
  /** When the token ends: with the session. */
  readonly endsAt: number;
  /** The button pressed sends `answer`: `allow` or `deny`. `reaches`: the redirect URI. */
  readonly form: Form;
}

/** Asks whether a program on this computer may act as the caller. */
export function writeConsentPage({ host, caller, redirectUri, now, endsAt, form }: Consent, look: Look): Page {
  const links = [
    { who: caller, role: 'you' },
    { who: { type: 'service_account', id: 'A program', email: '', name: '' } as const, role: 'on this computer' },
    { who: host, role: 'this site alone' },
  ];
  const actions = html`<p class="actions"><button name="answer" value="allow">Let it act as me</button> <button class="quiet" name="answer" value="deny">No, do not</button></p>`;
  const body = html`${writeChain(links, false)}
<h1>Let a program act as you?</h1>
<p class="lead">A program on this computer wants to reach <b>${showText(host)}</b> as <b>${showSomebody(caller)}</b>.</p>
<section class="card"><h2>What that means</h2>
<ul class="steps">
<li>It can do all that you can do on this site, and nothing on any other.</li>
<li>It ends with your session, in ${writeDuration(endsAt - now)}, or at once if you sign out.</li>
<li>Say yes only if you have just started a program that asks for this, such as <code>behalf login</code>.</li>
</ul>
${writeForm(form, actions)}
</section>
<section><h2>About this program</h2>
${writeFacts([
  ['Its address', html`<span class="mono">${showText(redirectUri)}</span>`],
  ['Ends', writeTime(endsAt)],
])}
</section>`;
  return buildPage({ title: 'Let a program act as you?', body, reaches: form.reaches }, look);
}
