import { escapeControls } from '../escape-controls.ts';
import { type Html, html } from './html.ts';

const MAX_LENGTH = 300;

/**
 * Text that somebody else wrote, such as a name or an address: what would hide or reorder its neighbours is shown as an
 * escape, it cannot turn the direction of the text around it, and of a very long one the beginning stands for the whole.
 */
export function showText(text: string): Html {
  const beginning = Array.from(text.slice(0, 2 * MAX_LENGTH))
    .slice(0, MAX_LENGTH)
    .join('');
  return html`<bdi>${escapeControls(beginning)}${beginning.length < text.length ? '…' : null}</bdi>`;
}
