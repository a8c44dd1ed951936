import { buildPage } from './build-page.ts';
import { html } from './html.ts';
import type { Look, Page } from './page.ts';

export interface SignedOut {
  /** Where to sign in again; null where that is not known. */
  readonly signInUrl: string | null;
}

/** After signing out. */
export function writeSignedOutPage({ signInUrl }: SignedOut, look: Look): Page {
  const again = html`<p class="actions"><a class="button quiet" href="${signInUrl}">Sign in again</a></p>`;
  const body = html`<h1>You are signed out</h1>
<p class="lead">Your session has ended on every site of this sign-in. On a computer that others use too, close all windows of the browser now.</p>
${signInUrl === null ? null : again}`;
  return buildPage({ title: 'You are signed out', body }, look);
}
