import { type Html, html } from '../pages/html.ts';
import { SITE } from '../pages/icons.ts';
import { showSomebody } from '../pages/show-somebody.ts';
import { showText } from '../pages/show-text.ts';
import { writeClaims } from '../pages/write-claims.ts';
import { writeFace } from '../pages/write-face.ts';
import type { Learned, Refused } from './create-upstream.ts';
import { describeIdentity } from './describe-identity.ts';
import type { Identity } from './verify-headers.ts';

const ASSERTION = 'X-Pomerium-Jwt-Assertion';
const ASSERTION_FOR = 'X-Pomerium-Jwt-Assertion-For';

/** The column of a service: its name, the person with whom the request began, the program that calls. */
export function writeService(service: Learned | Refused): Html {
  return 'caller' in service ? writeLearned(service) : writeRefused(service);
}

function writeLearned({ server, caller, originalUser, next }: Learned): Html {
  const called = writeProof(server, 'Who calls', ASSERTION, caller);
  const behalf = originalUser && writeProof(server, 'On whose behalf', ASSERTION_FOR, originalUser);
  const isPerson = caller.type === 'user';
  return html`<li>${writeName(server, caller.audience, next !== null)}
${isPerson ? html`<div class="person">${called}</div>` : html`<div class="${behalf === null ? 'none' : 'person'}">${behalf ?? NOBODY}</div>`}
${isPerson ? html`<div class="none">${NOBODY_BETWEEN}</div>` : html`<div class="program">${called}</div>`}</li>
`;
}

const NOBODY = html`<h3>On nobody’s behalf</h3>
<p>The program acts for itself: no <code>${ASSERTION_FOR}</code>.</p>`;
const NOBODY_BETWEEN = html`<h3>Nobody in between</h3>
<p>The caller acts for themselves: no <code>${ASSERTION_FOR}</code>.</p>`;

function writeRefused({ server, status, body }: Refused): Html {
  return html`<li>${writeName(server, 'not reached', false)}
<div class="none stop"><h3>Answered ${status}</h3>
<p class="mono">${showText(body)}</p></div></li>
`;
}

function writeName(server: string, note: string, isAsking: boolean): Html {
  const onward = html`<span class="onward" aria-hidden="true"></span>`;
  return html`<div class="name"><span class="mark" aria-hidden="true">${SITE}</span><div><h2>${showText(server)}</h2><small>${showText(note)}</small></div>${isAsking ? onward : null}</div>`;
}

function writeProof(server: string, says: string, header: string, identity: Identity): Html {
  const somebody = describeIdentity(identity);
  const role = identity.type === 'user' ? 'a person' : 'a program';
  return html`<h3>${says}</h3>
<code>${header}</code>
<p class="face"><span class="mark" aria-hidden="true">${writeFace(somebody)}</span><span>${showSomebody(somebody)} <small>${role}, signed for ${showText(identity.audience)}</small></span></p>
${writeClaims(`${header} at ${server}`, identity.claims)}
<p class="print">${identity.fingerprint}</p>`;
}
