import { type Content, type Html, html } from './html.ts';

/** A term and what it is; null leaves it out. */
export type Fact = readonly [term: string, value: Content] | null;

/** A list of what is so. */
export function writeFacts(facts: readonly Fact[]): Html {
  const rows = facts.map((fact) => fact && html`<dt>${fact[0]}</dt><dd>${fact[1]}</dd>`);
  return html`<dl>${rows}</dl>`;
}
