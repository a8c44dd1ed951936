import { generateKeyPairSync } from 'node:crypto';
import type { Attempt } from './attempt.ts';
import { forgeAssertion } from './forge-assertion.ts';
import { PEOPLE, SERVICE } from './scenario.ts';
import type { Stage } from './stage.ts';

/** What is sent, what the proxy has to answer, and what has to reach a service (`Outcome` has the words). */
export type Expected = readonly [attempt: Attempt, answer: string, reached: string];

/**
 * Lies, each of which must fail, and the truth to compare with. Who tells them has signed in: alice at App and API, eve
 * at App.
 *
 * @param alices her Assertion, as App received it; `bobs` is his
 */
export async function buildLies(stage: Stage, alices: string, bobs: string): Promise<readonly Expected[]> {
  const { alice: a, eve: e } = stage.visitors;
  const app = { Authorization: `Bearer Pomerium-${stage.serviceAccountToken}` };
  const alice = { Cookie: a.cookiesFor(SERVICE.App.host) };
  const aliceAtApi = { Cookie: a.cookiesFor(SERVICE.API.host) };
  const eve = { Cookie: e.cookiesFor(SERVICE.App.host) };
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const now = Math.floor(Date.now() / 1000);
  const madeUp = await forgeAssertion(alices, stranger, { sub: PEOPLE.bob.sub, email: PEOPLE.bob.email });
  const resigned = await forgeAssertion(alices, stranger, {});
  const expired = await forgeAssertion(alices, stage.signingKey, { iat: now - 600, exp: now - 300 });

  const invalid = ['403 original-user-invalid', 'nothing'] as const;
  const nobody = ['401 user-unauthenticated', 'nothing'] as const;
  return [
    [
      { what: "App with alice's Assertion", to: 'API', credential: app, assertion: alices },
      '200',
      'api-access for alice',
    ],
    [{ what: 'App with a made-up -For', to: 'API', credential: app, assertionFor: madeUp }, ...invalid],
    [{ what: "App with alice's, re-signed", to: 'API', credential: app, assertionFor: resigned }, ...invalid],
    [{ what: "App with alice's, expired", to: 'API', credential: app, assertion: expired }, ...invalid],
    [{ what: "alice with bob's Assertion", to: 'App', credential: alice, assertion: bobs }, '200', 'alice'],
    [{ what: "alice with bob's as her -For", to: 'App', credential: alice, assertionFor: bobs }, '200', 'alice'],
    [
      { what: "eve with alice's Assertion", to: 'App', credential: eve, assertion: alices },
      '403 domain-unauthorized',
      'nothing',
    ],
    [{ what: 'alice straight at API', to: 'API', credential: aliceAtApi }, '403 user-unauthorized', 'nothing'],
    [{ what: "alice's cookie of App, at API", to: 'API', credential: alice }, ...nobody],
    [{ what: 'nobody at App', to: 'App', credential: {} }, ...nobody],
  ];
}
