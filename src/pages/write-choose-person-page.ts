import { buildPage } from './build-page.ts';
import { type Html, html } from './html.ts';
import type { Form, Look, Page, Somebody } from './page.ts';
import { showText } from './show-text.ts';
import { writeFace } from './write-face.ts';
import { writeForm } from './write-form.ts';

type Choice = Somebody & { readonly groups: readonly string[] };

export interface ChoosePerson {
  /** That they want to reach. */
  readonly host: string;
  readonly people: readonly Choice[];
  /** The button pressed sends its person's id as `person`. */
  readonly form: Form;
}

/** Asks which person of development to be. */
export function writeChoosePersonPage({ host, people, form }: ChoosePerson, look: Look): Page {
  const list = html`<ul class="people">${people.map((person) => html`<li>${writeChoice(person)}</li>\n`)}</ul>`;
  const body = html`<p class="above">Development mode: no provider, no password</p>
<h1>Who do you want to be?</h1>
<p class="lead">You sign in to <b>${showText(host)}</b> as one of the people of the file that this proxy was started with.</p>
${writeForm(form, list)}`;
  return buildPage({ title: 'Who do you want to be?', body, reaches: form.reaches }, look);
}

function writeChoice(person: Choice): Html {
  const { id, name, email, groups } = person;
  const lines = [
    email === name || name === '' || email === '' ? null : showText(email),
    groups.length === 0 ? null : showText(groups.join(', ')),
  ];
  return html`<button name="person" value="${id}"><span class="mark" aria-hidden="true">${writeFace(person)}</span><span>${showText(name || email || id)}${lines.map((line) => line && html` <small>${line}</small>`)}</span></button>`;
}
