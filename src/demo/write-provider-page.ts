import { buildPage } from '../pages/build-page.ts';
import { Html, html } from '../pages/html.ts';
import type { Look } from '../pages/page.ts';
import { showText } from '../pages/show-text.ts';
import { writeFace } from '../pages/write-face.ts';
import { writeForm } from '../pages/write-form.ts';
import type { OpenIdPerson } from './create-openid-provider.ts';

export type ProviderPage =
  | {
      readonly kind: 'choose';
      /** Who asks. */
      readonly client: string;
      readonly people: readonly OpenIdPerson[];
      readonly action: string;
    }
  /** `form` is oidc-provider's, with the id `op.logoutForm`. */
  | { readonly kind: 'sign-out'; readonly form: string }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'error'; readonly message: string };

/** A site of its own, and not to be taken for the proxy. */
const COLOR = '#93356b';
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24"><rect width="24" height="24" rx="7" fill="${COLOR}"/><g fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"><circle cx="12" cy="9.5" r="3"/><path d="M6.5 18.5c1-3 3-4 5.5-4s4.5 1 5.5 4"/></g></svg>`;
const LOOK: Look = { name: 'Identity provider', logo: `data:image/svg+xml,${encodeURIComponent(LOGO)}`, color: COLOR };

/** A page of the demo's provider, as HTML. */
export function writeProviderPage(page: ProviderPage): string {
  const { title, lead, rest } = writeParts(page);
  const body = html`<h1>${title}</h1>
<p class="lead">${lead}</p>
${rest ?? null}`;
  return buildPage({ title, body }, LOOK).html;
}

function writeParts(page: ProviderPage): { readonly title: string; readonly lead: Html; readonly rest?: Html } {
  switch (page.kind) {
    case 'choose': {
      const people = html`<ul class="people">${page.people.map((person) => html`<li>${writePerson(person)}</li>\n`)}</ul>
<p class="actions"><button class="quiet" name="person" value="">Cancel</button></p>`;
      return {
        title: 'Who are you?',
        lead: html`You sign in to <b>${showText(page.client)}</b>. There is no password: these people are made up.`,
        rest: writeForm({ action: page.action, fields: {}, reaches: [] }, people),
      };
    }
    case 'sign-out':
      return {
        title: 'Sign out here too?',
        lead: html`The identity provider still knows who you are.`,
        rest: html`${new Html(page.form)}
<p class="actions"><button form="op.logoutForm" name="logout" value="yes">Sign out</button><button class="quiet" form="op.logoutForm">Stay signed in</button></p>`,
      };
    case 'signed-out':
      return { title: 'You are signed out', lead: html`The identity provider has forgotten you.` };
    case 'error':
      return { title: 'That did not work', lead: html`${showText(page.message)}` };
  }
}

function writePerson({ sub, name, email }: OpenIdPerson): Html {
  const face = writeFace({ type: 'user', id: sub, name, email });
  return html`<button name="person" value="${sub}"><span class="mark" aria-hidden="true">${face}</span><span>${showText(name || sub)} <small>${showText(email)}</small></span></button>`;
}
