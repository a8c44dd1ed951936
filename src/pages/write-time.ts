import { type Html, html } from './html.ts';

/** Seconds since 1970 as a moment: `2026-11-22 18:03 UTC`. A page without a script does not know the reader's time zone. */
export function writeTime(seconds: number): Html {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return html`${seconds}`;
  const iso = date.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, -8).replace('T', ' ')} UTC</time>`;
}
