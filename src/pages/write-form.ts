import { type Html, html } from './html.ts';
import type { Form } from './page.ts';

/** A form that posts what it holds, with its unseen fields. */
export function writeForm({ action, fields }: Form, body: Html): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form method="post" action="${action}">${hidden}${body}</form>`;
}
