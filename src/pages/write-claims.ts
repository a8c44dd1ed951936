import { type Content, type Html, html } from './html.ts';
import { showText } from './show-text.ts';
import { writeTime } from './write-time.ts';

/** Claims that are moments, RFC 7519 section 4.1 and OpenID Connect Core section 2. */
const MOMENTS: ReadonlySet<string> = new Set(['auth_time', 'exp', 'iat', 'nbf', 'updated_at']);

const EMPTY = html`<small>empty</small>`;

/** Claims as a table: a name a row, and its values. */
export function writeClaims(title: string, claims: Readonly<Record<string, unknown>>): Html {
  const rows = Object.entries(claims).map(
    ([name, value]) =>
      html`<tr><th scope="row" class="mono">${showText(name)}</th><td>${writeValue(name, value)}</td></tr>\n`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table><tbody>${rows}</tbody></table></div>`;
}

function writeValue(name: string, value: unknown): Content {
  if (value === '' || (Array.isArray(value) && value.length === 0)) return EMPTY;
  if (Array.isArray(value)) {
    return value.map((item, index) => html`${index === 0 ? '' : ', '}${writeValue(name, item)}`);
  }
  if (typeof value === 'number' && MOMENTS.has(name)) return html`${value} <small>${writeTime(value)}</small>`;
  return showText(typeof value === 'string' ? value : JSON.stringify(value));
}
