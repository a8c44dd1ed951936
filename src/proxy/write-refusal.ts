import { createHash } from 'node:crypto';
import { writeExplanation } from '../explain/write-explanation.ts';
import type { Answer } from './answer.ts';
import { explainReason } from './explain-reason.ts';
import type { Explained } from './explain-to-operator.ts';
import type { Header } from './header.ts';
import type { Refusal } from './refusal.ts';

/** A title and what to do about it, by status. */
const WORDS: Readonly<Record<number, readonly [title: string, advice: string]>> = {
  400: ['This request cannot be taken', 'Check the address and the program that sent the request.'],
  401: ['Sign in first', 'Send a valid credential in the Authorization header, and try again.'],
  403: ['This request may not pass', 'If it should, give the request id to whoever runs this proxy.'],
  404: ['Nothing answers here', 'Check the address.'],
  405: ['This method is not taken', 'Use another method.'],
  408: ['The request did not arrive in time', 'Try again.'],
  417: ['An expectation cannot be met', 'Send the request without its Expect header.'],
  431: ['The headers are too large', 'Send fewer or smaller headers; clearing the cookies of this site may help.'],
  495: ['A client certificate is needed', 'Present a valid certificate, and try again.'],
  500: ['Something went wrong here', 'Give the request id to whoever runs this proxy.'],
  502: [
    'The server behind this address is not reachable',
    'Try again; if it lasts, give the request id to whoever runs it.',
  ],
  503: [
    'No decision could be had',
    'Nothing passes undecided. Try again; if it lasts, give the request id to whoever runs this proxy.',
  ],
  504: [
    'The server behind this address took too long',
    'Try again; if it lasts, give the request id to whoever runs it.',
  ],
  505: ['This version of HTTP is not spoken here', 'Use HTTP/1.1.'],
};

const STYLE =
  ':root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;max-width:38rem;margin:15vh auto 2rem;padding:0 1.5rem}h1{font-size:1.6rem;line-height:1.25}small,code{opacity:.75}pre{overflow-x:auto;font-size:.85rem}';
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

const CONTENT_SECURITY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const SECURITY_HEADERS: readonly Header[] = [
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
];

/** A refusal as an answer, for people (HTML) or for programs (JSON); for an operator with the reason why. */
export function writeRefusal(
  refusal: Refusal,
  requestId: string,
  asHtml: boolean,
  explained: Explained | null = null,
): Answer {
  // An explanation is of no origin, so that a page of the route's upstream which opens it in a window cannot read it.
  const contentSecurity = explained === null ? CONTENT_SECURITY : `${CONTENT_SECURITY}; sandbox`;
  const headers: Header[] = [['content-security-policy', contentSecurity], ...SECURITY_HEADERS];
  if (refusal.status === 401) {
    // RFC 6750 section 3: the error only where a credential was presented.
    const error = refusal.error === 'unauthenticated' ? '' : ', error="invalid_token"';
    headers.push(['www-authenticate', `Bearer realm="behalf"${error}`]);
  }
  if (refusal.status === 405) {
    headers.push(['allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS']);
  }
  if (asHtml) {
    return {
      status: refusal.status,
      headers: [...headers, ['content-type', 'text/html; charset=utf-8'], ['vary', 'accept']],
      body: writeHtml(refusal, requestId, explained),
    };
  }
  const why = explained === null ? {} : { explanation: explained.explanation };
  const body = JSON.stringify({ ...refusal, request_id: requestId, ...why });
  return {
    status: refusal.status,
    headers: [...headers, ['content-type', 'application/json'], ['vary', 'accept']],
    body: `${body}\n`,
  };
}

function writeHtml({ status, reasons }: Refusal, requestId: string, explained: Explained | null): string {
  const [title, advice] = WORDS[status] ?? ['This request was refused', ''];
  const items = reasons
    .map((code) => `<li>${escapeHtml(explainReason(code))} <code>${escapeHtml(code)}</code></li>`)
    .join('');
  const why =
    explained === null ? '' : `<pre>${escapeHtml(writeExplanation(explained.explanation, explained.input))}</pre>\n`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${status} ${title}</title>
<style>${STYLE}</style>
<h1>${title}</h1>
${items === '' ? '' : `<ul>${items}</ul>\n`}<p>${advice}</p>
<p><small>${status} · request id ${requestId}</small></p>
${why}</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
