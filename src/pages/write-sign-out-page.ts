import { buildPage } from './build-page.ts';
import { html } from './html.ts';
import type { Form, Look, Page, Somebody } from './page.ts';
import { showSomebody } from './show-somebody.ts';
import { showText } from './show-text.ts';
import { writeChain } from './write-chain.ts';
import { writeForm } from './write-form.ts';

export interface SignOut {
  readonly host: string;
  /** Null where nobody is signed in: the page says so, and asks nothing. */
  readonly caller: Somebody | null;
  /** `reaches`: the provider's end-session address, our signed_out page, `signout_redirect_url`. */
  readonly form: Form;
}

/** Asks whether to sign out, everywhere. */
export function writeSignOutPage({ host, caller, form }: SignOut, look: Look): Page {
  return caller === null ? writeNobody(host, look) : writeQuestion({ host, caller, form }, look);
}

function writeQuestion({ host, caller, form }: SignOut & { readonly caller: Somebody }, look: Look): Page {
  const links = [
    { who: caller, role: 'signed in' },
    { who: host, role: 'and all other sites of this sign-in' },
  ];
  const actions = html`<p class="actions"><button>Sign out</button> <a class="button quiet" href="/.pomerium/">Stay signed in</a></p>`;
  const body = html`${writeChain(links, false)}
<h1>Sign out?</h1>
<p class="lead">You are signed in as <b>${showSomebody(caller)}</b>. Signing out ends this at once, here and on all other sites of this sign-in.</p>
${writeForm(form, actions)}`;
  return buildPage({ title: 'Sign out', body, reaches: form.reaches }, look);
}

function writeNobody(host: string, look: Look): Page {
  const body = html`<h1>Nobody is signed in</h1>
<p class="lead">There is nothing to sign out of at <b>${showText(host)}</b>.</p>`;
  return buildPage({ title: 'Nobody is signed in', body }, look);
}
