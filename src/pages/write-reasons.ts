import { explainReason } from './explain-reason.ts';
import { type Html, html } from './html.ts';

/** Why, in plain words, each with the codes that say so; a code without words stands alone. */
export function writeReasons(reasons: readonly string[]): Html {
  const bySentence = Object.groupBy(reasons, explainReason);
  const items = Object.entries(bySentence).map(([sentence, codes = []]) => {
    const words = codes.includes(sentence) ? null : html`${sentence} `;
    return html`<li>${words}${codes.map((code) => html`<code>${code}</code>`)}</li>`;
  });
  return html`<ul class="plain">${items}</ul>`;
}
