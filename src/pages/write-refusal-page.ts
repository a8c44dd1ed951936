import { advise } from './advise.ts';
import { buildPage } from './build-page.ts';
import { dependsOnAccount } from './depends-on-account.ts';
import { type Html, html } from './html.ts';
import type { Look, Page, Somebody } from './page.ts';
import { showSomebody } from './show-somebody.ts';
import { showText } from './show-text.ts';
import { type ChainLink, writeChain } from './write-chain.ts';
import { writeFacts } from './write-facts.ts';
import { writeReasons } from './write-reasons.ts';

/** What was asked for. */
export interface Asked {
  readonly method: string;
  /** Whole, without its query's values where those may be secret. */
  readonly url: string;
}

export interface Refused {
  readonly status: number;
  /** Kebab-case codes, of the policy or of the proxy. */
  readonly reasons: readonly string[];
  readonly requestId: string;
  /** Null where that could not be read. */
  readonly asked: Asked | null;
  /** Null where nobody is signed in, or the request ended before that was known. */
  readonly caller: Somebody | null;
  /** For whom a service account came. */
  readonly originalUser: Somebody | null;
  /** Where somebody who is not signed in can do so; null where nobody can. */
  readonly signInUrl: string | null;
  /** Where the caller can sign out, to come back as somebody else; null where they have no session. */
  readonly signOutUrl: string | null;
  /** For an operator: why, as text. The page is then of no origin (CSP `sandbox`). */
  readonly explanation: string | null;
}

interface Words {
  readonly title: string;
  readonly lead: string;
  readonly advice?: string;
  /** What to do with the request id. */
  readonly report?: string;
}

const REPORT = 'Tell whoever runs this site, and give them this request id:';
const TRANSIENT = {
  advice: 'Try again in a moment.',
  report: 'If it lasts, tell whoever runs this site, and give them this request id:',
};

const WORDS: Readonly<Record<number, Words>> = {
  400: {
    title: 'This request cannot be taken',
    lead: 'It is not written as a request must be, so it went no further.',
    advice: 'Check the address and the program that sent the request.',
  },
  401: {
    title: 'Sign in first',
    lead: 'Only people who are signed in may come here.',
    advice:
      'It is not possible to sign in at this address. Check it for a typing error, in its port too (the number after a colon).',
    report: REPORT,
  },
  403: {
    title: 'You do not have access to this page',
    lead: 'The rules of this site do not let this request pass.',
    report: 'If you should have access, ask whoever runs this site for it, and give them this request id:',
  },
  404: {
    title: 'Nothing answers here',
    lead: 'No site of this proxy has this address.',
    advice: 'Check the address for a typing error.',
  },
  405: { title: 'This method is not taken', lead: 'The request went no further.', advice: 'Use another method.' },
  408: {
    title: 'The request did not arrive in time',
    lead: 'The connection was too slow, or broke.',
    advice: 'Try again.',
  },
  413: {
    title: 'This form is too large',
    lead: 'No form of this address has so much in it, so nothing was done with it.',
    advice: 'Go back, and write less.',
  },
  417: {
    title: 'An expectation cannot be met',
    lead: 'The request went no further.',
    advice: 'Send the request without its Expect header.',
  },
  431: {
    title: 'The headers are too large',
    lead: 'There is more in them than a server takes.',
    advice: 'Clear the cookies of this site, and try again.',
  },
  495: {
    title: 'A client certificate is needed',
    lead: 'This site lets only those in who show a valid one.',
    report: 'If you have none, ask whoever runs this site for one, and give them this request id:',
  },
  500: { title: 'Something went wrong here', lead: 'It is not your fault. The error has been logged.', report: REPORT },
  502: {
    title: 'This site cannot be reached now',
    lead: 'You may come in, but the server behind this address does not answer as it should.',
    ...TRANSIENT,
  },
  503: {
    title: 'Nobody can be let in right now',
    lead: 'Whether you may come in cannot be found out at the moment, and nothing passes unjudged.',
    ...TRANSIENT,
  },
  504: {
    title: 'This site took too long',
    lead: 'You may come in, but the server behind this address did not answer in time.',
    ...TRANSIENT,
  },
  505: {
    title: 'This version of HTTP is not spoken here',
    lead: 'The request went no further.',
    advice: 'Use HTTP/1.1.',
  },
};
const DEVELOPMENT: Words = {
  title: 'This site is for one machine alone',
  lead: 'In development mode anybody can be whom they like, so nobody may come from elsewhere.',
};
const ROLES = { user: 'signed in', service_account: 'service account' } as const;
const STRANGER: Somebody = { type: 'user', id: 'You', email: '', name: '' };
const OTHER: Words = { title: 'This request was refused', lead: 'It went no further.', report: REPORT };

/** Every refusal, to a person: denied (403, 495), sign in first (401), and every error. Status and reasons give the words. */
export function writeRefusalPage(refused: Refused, look: Look): Page {
  const { status, reasons, explanation } = refused;
  const words = reasons.includes('development') ? DEVELOPMENT : (WORDS[status] ?? OTHER);
  const body = html`${writePicture(refused)}
<div class="stop">
<p class="above">${status === 403 ? 'Access denied' : `Error ${status}`}</p>
<h1>${words.title}</h1>
</div>
<p class="lead">${writeLead(refused, words)}</p>
<div class="card">
${reasons.length === 0 ? null : html`<section><h2>Why</h2>${writeReasons(reasons)}</section>\n`}<section><h2>What you can do</h2>${writeAdvice(refused, words)}</section>
</div>
${writeAbout(refused)}
${explanation === null ? null : writeExplanation(explanation)}`;
  return buildPage({ title: words.title, body, isSandboxed: explanation !== null }, look);
}

/** The chain that was cut, where it is known who called whom. */
function writePicture({ status, asked, caller, originalUser }: Refused): Html | null {
  if (asked === null || status !== 403) return null;
  const links: ChainLink[] = [
    ...(originalUser === null ? [] : [{ who: originalUser, role: 'began it' }]),
    { who: caller ?? STRANGER, role: caller === null ? 'not signed in' : ROLES[caller.type] },
    { who: findHost(asked.url), role: 'asked for' },
  ];
  return writeChain(links, true);
}

function writeLead({ status, caller, originalUser, asked }: Refused, { lead }: Words): Html {
  if (status !== 403 || caller === null || asked === null) return html`${lead}`;
  const site = showText(findHost(asked.url));
  const who = html`<b>${showSomebody(caller)}</b>`;
  const behalf = originalUser === null ? null : html` on behalf of <b>${showSomebody(originalUser)}</b>`;
  const subject =
    caller.type === 'user' ? html`You are signed in as ${who}` : html`The service account ${who} calls${behalf}`;
  return html`${subject}, and the rules of <b>${site}</b> do not let this request pass.`;
}

function writeAdvice({ status, reasons, requestId, signInUrl, signOutUrl }: Refused, { advice, report }: Words): Html {
  if (status === 401 && signInUrl !== null) {
    return html`<p>Sign in, and you come back to where you wanted to go.</p>
<p class="actions"><a class="button" href="${signInUrl}">Sign in</a></p>`;
  }
  const items = [...advise(reasons), ...(advice === undefined ? [] : [advice])].map((text) => html`<li>${text}</li>`);
  const ask = report === undefined ? null : html`<li>${report} <code class="ticket">${requestId}</code></li>`;
  const other =
    signOutUrl === null || !dependsOnAccount(reasons)
      ? null
      : html`<li>If you have another account that has access, use that one.
<p class="actions"><a class="button quiet" href="${signOutUrl}">Use another account</a></p></li>`;
  return html`<ul class="steps">${items}${ask}${other}</ul>`;
}

function writeAbout({ status, asked, requestId }: Refused): Html {
  return html`<section><h2>About this request</h2>
${writeFacts([
  asked && ['You asked for', html`<span class="mono">${showText(asked.method)} ${showText(asked.url)}</span>`],
  ['Answer', `${status}`],
  ['Request id', html`<span class="mono">${requestId}</span>`],
])}
</section>`;
}

function writeExplanation(explanation: string): Html {
  return html`<section><h2 id="explanation">For operators: how the rules came to this</h2>
<pre tabindex="0" role="region" aria-labelledby="explanation">${explanation}</pre></section>`;
}

function findHost(url: string): string {
  return URL.parse(url)?.host ?? url;
}
