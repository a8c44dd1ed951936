import { hasUnverifiedEmail } from '../has-unverified-email.ts';
import { buildPage } from './build-page.ts';
import { type Content, type Html, html } from './html.ts';
import type { Look, Page, Somebody } from './page.ts';
import { showSomebody } from './show-somebody.ts';
import { showText } from './show-text.ts';
import { type ChainLink, writeChain } from './write-chain.ts';
import { writeClaims } from './write-claims.ts';
import { writeDuration } from './write-duration.ts';
import { type Fact, writeFacts } from './write-facts.ts';
import { writeTime } from './write-time.ts';

type Described = Somebody & {
  readonly groups: readonly string[];
  /** Flat and dotted, values in lists, as input documents have them. */
  readonly claims: Readonly<Record<string, readonly (string | number | boolean | null)[]>>;
};

/** Times in seconds since 1970. */
export interface WhoAmI {
  /** Of the request, as the browser shows it: with its port where it has one. */
  readonly host: string;
  /** Whether it is where people sign in, and has no pages of anybody else's. */
  readonly isSignInHost: boolean;
  readonly now: number;
  /** Null where nobody is signed in; then all that follows is null too, but the addresses. */
  readonly caller: Described | null;
  /** Null for a caller who came without a session of a browser. */
  readonly session: { readonly sid: string; readonly createdAt: number; readonly endsAt: number } | null;
  /** The claims of the assertion that an upstream of this host would get; null where it would get none. */
  readonly assertion: Readonly<Record<string, unknown>> | null;
  /** Why the first page of this host is not for the caller; empty where it is. */
  readonly refusedFor: readonly string[];
  /** For whom the caller came. */
  readonly originalUser:
    | (Described & { readonly issuer: string; readonly audience: string; readonly expiresAt: number })
    | null;
  /** Why whom the caller named is not believed; null where nobody was named, or rightly. */
  readonly originalUserError: string | null;
  /** Null where people cannot sign in. */
  readonly signInUrl: string | null;
  /** Null where there is nothing to sign out of. */
  readonly signOutUrl: string | null;
}

/** `/.pomerium/`: who the proxy takes the caller for, and what it tells upstreams. */
export function writeWhoAmIPage(facts: WhoAmI, look: Look): Page {
  const { caller } = facts;
  return caller === null ? writeNobody(facts, look) : writeSomebody({ ...facts, caller }, look);
}

function writeNobody({ host, signInUrl }: WhoAmI, look: Look): Page {
  const action = html`<p class="actions"><a class="button" href="${signInUrl}">Sign in</a></p>`;
  const body = html`<h1>Nobody is signed in</h1>
<p class="lead">For <b>${showText(host)}</b> you are a stranger: it learns nothing of who you are.</p>
${signInUrl === null ? null : action}`;
  return buildPage({ title: 'Nobody is signed in', body }, look);
}

function writeSomebody(facts: WhoAmI & { readonly caller: Described }, look: Look): Page {
  const { host, now, caller, session, assertion, originalUser, signOutUrl } = facts;
  const body = html`${writeChain(listLinks(facts), false)}
<h1>You are ${showText(caller.name || caller.email || caller.id)}</h1>
<p class="lead">${writeLead(facts)}</p>
<section class="card"><h2>Identity</h2>
${writeFacts(listIdentity(caller))}
</section>
${session === null ? null : writeSession(session, now, signOutUrl)}${originalUser === null ? null : writeOriginalUser(originalUser)}<section><h2>In detail</h2>
${writeDetails('Your claims', 'what the rules can ask of you', caller.claims)}${originalUser === null ? null : writeDetails('Claims of the original user', 'what their assertion says', originalUser.claims)}${assertion === null ? null : writeDetails('X-Pomerium-Jwt-Assertion', `what ${host} is told, signed`, assertion)}
</section>`;
  return buildPage({ title: 'Who am I', body }, look);
}

function listLinks({ host, caller, originalUser }: WhoAmI & { readonly caller: Described }): readonly ChainLink[] {
  const role = caller.type === 'user' ? 'you' : 'service account';
  return [
    ...(originalUser === null ? [] : [{ who: originalUser, role: 'began it' }]),
    { who: caller, role },
    { who: host, role: 'you are here' },
  ];
}

function writeLead({ host, isSignInHost, assertion, refusedFor, originalUser, originalUserError }: WhoAmI): Html {
  if (isSignInHost) return html`You are signed in. Open the site that you want.`;
  const site = html`<b>${showText(host)}</b>`;
  if (originalUser !== null) return html`You come to ${site} on behalf of <b>${showSomebody(originalUser)}</b>.`;
  if (originalUserError !== null) {
    return html`You come to ${site} with an assertion of an original user that is not believed: <code>${originalUserError}</code>.`;
  }
  if (refusedFor.length > 0) {
    const codes = refusedFor.map((code) => html` <code>${code}</code>`);
    return html`${site} is told nothing of you: its first page is not open to you, for${codes}.`;
  }
  return assertion === null
    ? html`${site} is told nothing of you: no route of it passes your identity on.`
    : html`This is what ${site} is told of you with each request.`;
}

function listIdentity(somebody: Described): readonly Fact[] {
  const { type, id, email, name, groups } = somebody;
  return [
    name === '' ? null : ['Name', showText(name)],
    email === '' ? null : ['Email', showText(email)],
    hasUnverifiedEmail(somebody) ? ['Email', 'not taken: the identity provider has not verified it'] : null,
    groups.length === 0 ? null : ['Groups', writeGroups(groups)],
    [type === 'user' ? 'User id' : 'Service account', html`<span class="mono">${showText(id)}</span>`],
  ];
}

function writeGroups(groups: readonly string[]): Html {
  return html`<ul class="chips">${groups.map((group) => html`<li>${showText(group)}</li>`)}</ul>`;
}

function writeSession(
  { sid, createdAt, endsAt }: NonNullable<WhoAmI['session']>,
  now: number,
  signOutUrl: string | null,
): Html {
  const action = html`<p class="actions"><a class="button quiet" href="${signOutUrl}">Sign out</a></p>`;
  return html`<section class="card"><h2>Session</h2>
${writeFacts([
  ['Ends', html`in ${writeDuration(endsAt - now)}, ${writeTime(endsAt)}`],
  ['Began', writeTime(createdAt)],
  ['Session id', html`<span class="mono">${showText(sid)}</span>`],
])}
${signOutUrl === null ? null : action}
</section>
`;
}

function writeOriginalUser(user: NonNullable<WhoAmI['originalUser']>): Html {
  return html`<section class="card"><h2>Original user</h2>
${writeFacts([
  ...listIdentity(user),
  ['Stated by', html`<span class="mono">${showText(user.issuer)}</span>`],
  ['Stated to', html`<span class="mono">${showText(user.audience)}</span>`],
  ['Until', writeTime(user.expiresAt)],
])}
</section>
`;
}

function writeDetails(title: string, note: Content, claims: Readonly<Record<string, unknown>>): Html {
  if (Object.keys(claims).length === 0) return html``;
  return html`<details open><summary>${title} <small>${note}</small></summary>${writeClaims(title, claims)}</details>
`;
}
