import { buildStyle } from './build-style.ts';
import { Html, html } from './html.ts';
import { MARK } from './icons.ts';
import type { Look, Page } from './page.ts';
import { writeContentSecurity } from './write-content-security.ts';

/** What a page is made of. */
export interface PageParts {
  /** Of the window: plain text. */
  readonly title: string;
  /** What stands in `main`. */
  readonly body: Html;
  /** What stands below; absent for nothing. */
  readonly footer?: Html;
  /** Rules for this page alone, after those of all; absent for none. */
  readonly style?: string;
  /** URLs that the page's forms may reach beside its own origin; absent where it has no form. */
  readonly reaches?: readonly string[];
  /** Of no origin, so that a page of the route's upstream which opens it in a window cannot read it. */
  readonly isSandboxed?: boolean;
}

/** A whole page around its parts, in the one look that all have. */
export function buildPage(
  { title, body, footer, style: more = '', reaches, isSandboxed = false }: PageParts,
  look: Look,
): Page {
  const style = buildStyle(look.color) + more;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · ${look.name}</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
<header class="house">${look.logo === null ? MARK : html`<img src="${look.logo}" alt="">`}<span>${look.name}</span></header>
<main>
${body}
</main>
${footer === undefined ? null : html`<footer>${footer}</footer>\n`}</body>
</html>
`;
  return {
    html: page.text,
    headers: [
      ['content-type', 'text/html; charset=utf-8'],
      ['content-security-policy', writeContentSecurity(style, reaches ?? null, isSandboxed)],
      // Without a referrer a form's Origin would be `null` (Fetch, "append a request Origin header").
      ['referrer-policy', reaches === undefined ? 'no-referrer' : 'same-origin'],
      ['x-content-type-options', 'nosniff'],
      ['x-frame-options', 'DENY'],
    ],
  };
}
