import { buildPage } from '../pages/build-page.ts';
import { type Html, html } from '../pages/html.ts';
import type { Look, Page } from '../pages/page.ts';
import { showText } from '../pages/show-text.ts';
import type { Learned, Refused } from './create-upstream.ts';
import { describeIdentity } from './describe-identity.ts';
import { LEARNED_STYLE } from './learned-style.ts';
import type { Identities, Identity } from './verify-headers.ts';
import { writeService } from './write-service.ts';

const COLOR = '#0b7a75';
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24"><rect width="24" height="24" rx="7" fill="${COLOR}"/><path d="M7 12h10M13 8l4 4-4 4" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

/**
 * The page of a service: what it and all after it learnt, side by side. The person with whom it all began runs through the
 * columns as one row, from the header of who calls to that of on whose behalf.
 */
export function writeLearnedPage(first: Learned): Page {
  const services = [...list(first)];
  const { name, email, id } = describeIdentity(first.originalUser ?? first.caller);
  const body = html`<h1>Hello, ${showText(name || email || id)}</h1>
<p class="lead">${writeLead(services)}</p>
<ol class="services">${services.map(writeService)}</ol>
<section class="notes">
${hasOneToken(services) ? ONE_TOKEN : null}<p><b>“Who calls” is who sends the request.</b> A program has a credential of its own, and can call for nobody who did not call it.</p>
</section>
<p class="actions"><a class="button" href="/.pomerium/">Who am I here?</a><a class="button quiet" href="/.pomerium/sign_out">Sign out</a></p>`;
  return buildPage({ title: 'What they learned', body, style: LEARNED_STYLE }, lookOf(first));
}

const ONE_TOKEN = html`<p><b>The coloured part is one token.</b> The proxy signed it about you when you came. Each program hands on what it received, and the proxy verifies it again before it carries it on, byte for byte.</p>
`;

/** Of a site of its own, not of the proxy. */
function lookOf({ server }: Learned): Look {
  return { name: server, logo: `data:image/svg+xml,${encodeURIComponent(LOGO)}`, color: COLOR };
}

function* list(first: Learned): Generator<Learned | Refused> {
  for (let service: Learned | Refused | null = first; service !== null; ) {
    yield service;
    service = 'next' in service ? service.next : null;
  }
}

function writeLead(services: readonly (Learned | Refused)[]): Html {
  const [first, ...others] = services.map(({ server }) => html`<b>${showText(server)}</b>`);
  const asked = others.map((name, index) =>
    index === 0 ? html` It asked ${name}` : html`, and ${others[index - 1] ?? null} asked ${name}`,
  );
  const verified = 'Each learned from signed headers who calls, and on whose behalf, and verified that by itself.';
  const isCutOff = services.some((service) => 'status' in service);
  return html`You opened ${first ?? null}.${asked}${others.length === 0 ? null : '.'} ${isCutOff ? null : verified}`;
}

/** Whether all were told of one person, by the same bytes. */
function hasOneToken(services: readonly (Learned | Refused)[]): boolean {
  const tokens = services.flatMap((service) => ('caller' in service ? [findPerson(service)?.fingerprint] : []));
  return tokens[0] !== undefined && new Set(tokens).size === 1;
}

function findPerson({ caller, originalUser }: Identities): Identity | null {
  return originalUser ?? (caller.type === 'user' ? caller : null);
}
