import { type Html, html } from './html.ts';
import { PROGRAM } from './icons.ts';
import type { Somebody } from './page.ts';

/** The initials of a person, the sign of a program. */
export function writeFace({ type, name, email, id }: Somebody): Html {
  if (type === 'service_account') return PROGRAM;
  const [first = '', ...others] = (name || email || id).match(/[\p{L}\p{N}]+/gu) ?? [];
  const last = name === '' ? '' : (others.at(-1) ?? '');
  const initials = [first, last].map((word) => Array.from(word)[0] ?? '').join('');
  return html`${initials.toUpperCase()}`;
}
