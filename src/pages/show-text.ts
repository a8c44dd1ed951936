import { escapeControls } from '../escape-controls.ts';
import { type Html, html } from './html.ts';

const MAX_LENGTH = 300;

/**
 * Text that somebody else wrote, such as a name or an address: what would hide or reorder its neighbours is shown as an
 * escape, it cannot turn the direction of the text around it, and of a very long one the beginning stands for the whole.
 *
 * @param breaks where a line may end, beside where lines always may
 */
export function showText(text: string, breaks: RegExp | null = null): Html {
  const beginning = Array.from(text.slice(0, 2 * MAX_LENGTH))
    .slice(0, MAX_LENGTH)
    .join('');
  const shown = escapeControls(beginning);
  const [first = '', ...others] = breaks === null ? [shown] : shown.split(breaks);
  return html`<bdi>${first}${others.map((part) => html`<wbr>${part}`)}${beginning.length < text.length ? '…' : null}</bdi>`;
}
