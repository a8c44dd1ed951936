import { html } from './html.ts';

/** Behalf's own mark: two links of a chain. */
export const MARK = html`<svg viewBox="0 0 38 24" fill="none" stroke="currentColor" stroke-width="3" aria-hidden="true"><circle cx="13" cy="12" r="10.5"/><circle cx="25" cy="12" r="10.5" stroke-opacity=".45"/></svg>`;

/** A program: a prompt. */
export const PROGRAM = html`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="m6 7 5 5-5 5M13 17h5"/></svg>`;

/** A site: a window. */
export const SITE = html`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><rect x="3" y="4.5" width="18" height="15" rx="2.5"/><path d="M3 9.5h18M6.5 7h.01"/></svg>`;

/** Where a chain is cut. */
export const CUT = html`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="3.5" stroke-linecap="round"><path d="m5 5 14 14M19 5 5 19"/></svg>`;
