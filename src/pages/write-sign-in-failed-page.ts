import { buildPage } from './build-page.ts';
import { html } from './html.ts';
import type { Look, Page } from './page.ts';
import { showText } from './show-text.ts';
import { writeFacts } from './write-facts.ts';

export interface SignInFailed {
  /** Of the BehalfError, kebab-case; null for none. */
  readonly reason: string | null;
  /** The answer's: 400, 403, 503 ... */
  readonly status: number;
  readonly requestId: string;
  /** Where to begin again; null where that is not known. */
  readonly signInUrl: string | null;
}

interface Words {
  readonly title: string;
  readonly lead: string;
  readonly advice: string;
  /** Where to begin again there leads to the same once more, or nowhere: nothing of the kind is offered. */
  readonly isInVain?: true;
  /** Before the request id; absent for what tells to try a few times first. */
  readonly tell?: string;
}

const TRY_FIRST = 'If it goes wrong each time, tell whoever runs this site, and give them this request id:';
const AWAY: Words = {
  title: 'Sign-in is not available right now',
  lead: 'Your identity provider does not answer. You have not been signed in.',
  advice: 'Wait a moment, and try again.',
};
const MISCONFIGURED: Words = {
  title: 'Sign-in is not set up correctly',
  lead: 'This site and your identity provider do not agree on how people sign in. You have not been signed in.',
  advice: 'Waiting does not help, nor does signing in again, and it is not your fault.',
  tell: 'Tell whoever runs this site, and give them this request id:',
  isInVain: true,
};
const FAILED: Words = {
  title: 'You could not be signed in',
  lead: 'What came back from your identity provider cannot be believed. You have not been signed in.',
  advice: 'Begin again.',
};
const STALE: Words = {
  ...FAILED,
  lead: 'This sign-in took too long, was begun in another browser, or has been used already. You have not been signed in.',
  advice: 'Begin again, and finish in the same window.',
};
const WORDS: Readonly<Record<string, Words>> = {
  'access-denied': { ...FAILED, lead: 'Your identity provider did not let you in, or you cancelled there.' },
  browser: STALE,
  'groups-overage': {
    ...FAILED,
    lead: 'You are in more groups than your identity provider tells us of, so it is not known what you may do.',
    advice: 'Ask whoever runs this site to have fewer of your groups sent.',
    tell: 'Give them this request id:',
    isInVain: true,
  },
  'client-refused': MISCONFIGURED,
  'hand-over': STALE,
  'hand-over-used': STALE,
  host: STALE,
  'no-cookie': {
    ...FAILED,
    lead: 'Your browser has no cookie of this sign-in: it blocks cookies, this site has no encryption (its address begins with http:), or you began in another browser. You have not been signed in.',
    advice: 'Allow cookies for this site, and begin again in the same window.',
  },
  origin: {
    title: 'This was not done',
    lead: 'Another site sent this form. Nothing has changed.',
    advice: 'If it was you who wanted it, do it on this site itself.',
  },
  'invalid-request': MISCONFIGURED,
  'invalid-scope': MISCONFIGURED,
  'provider-mismatch': MISCONFIGURED,
  'program-request': {
    title: 'This has taken too long',
    lead: 'A program asked to act as you, but more than ten minutes ago, or not here. Nothing has changed.',
    advice: 'Start the program again, and open the new address that it shows.',
    isInVain: true,
  },
  request: STALE,
  'session-ended': STALE,
  state: STALE,
  'unauthorized-client': MISCONFIGURED,
  'unsupported-response-type': MISCONFIGURED,
};

/** A sign-in that came to no session. */
export function writeSignInFailedPage({ reason, status, requestId, signInUrl }: SignInFailed, look: Look): Page {
  const { title, lead, advice, isInVain, tell = TRY_FIRST } = findWords(reason, status);
  const again = html`<p class="actions"><a class="button" href="${signInUrl}">Sign in again</a></p>`;
  const elsewhere = html`<li>Open the address again that you wanted to go to.</li>`;
  const body = html`<div class="stop">
<p class="above">Sign-in</p>
<h1>${title}</h1>
</div>
<p class="lead">${lead}</p>
<section class="card"><h2>What you can do</h2>
<ul class="steps">
<li>${advice}${signInUrl === null || isInVain ? null : again}</li>
${signInUrl !== null || isInVain ? null : elsewhere}
<li>${tell} <code class="ticket">${requestId}</code></li>
</ul>
</section>
<section><h2>About this sign-in</h2>
${writeFacts([
  reason === null ? null : ['Reason', html`<span class="mono">${showText(reason)}</span>`],
  ['Answer', `${status}`],
  ['Request id', html`<span class="mono">${requestId}</span>`],
])}
</section>`;
  return buildPage({ title, body }, look);
}

function findWords(reason: string | null, status: number): Words {
  const words = reason !== null && Object.hasOwn(WORDS, reason) ? WORDS[reason] : undefined;
  return words ?? (status === 503 ? AWAY : FAILED);
}
