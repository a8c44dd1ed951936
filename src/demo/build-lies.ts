import { generateKeyPairSync } from 'node:crypto';
import type { Attempt } from './attempt.ts';
import { forgeAssertion } from './forge-assertion.ts';
import { PEOPLE } from './scenario.ts';
import type { Stage } from './stage.ts';

/** What is sent, what the proxy has to answer, and what has to reach a service (`Outcome` has the words). */
export type Expected = readonly [attempt: Attempt, answer: string, reached: string];

/**
 * Lies, each of which must fail, and the truth to compare with.
 *
 * @param alices her Assertion, as App received it; `bobs` is his
 */
export async function buildLies(stage: Stage, alices: string, bobs: string): Promise<readonly Expected[]> {
  const app = `Bearer Pomerium-${stage.serviceAccountToken}`;
  const alice = `Bearer ${stage.identityTokens.alice}`;
  const eve = `Bearer ${stage.identityTokens.eve}`;
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const now = Math.floor(Date.now() / 1000);
  const madeUp = await forgeAssertion(alices, stranger, { sub: PEOPLE.bob.sub, email: PEOPLE.bob.email });
  const resigned = await forgeAssertion(alices, stranger, {});
  const expired = await forgeAssertion(alices, stage.signingKey, { iat: now - 600, exp: now - 300 });

  const invalid = ['403 original-user-invalid', 'nothing'] as const;
  return [
    [
      { what: "App with alice's Assertion", to: 'API', authorization: app, assertion: alices },
      '200',
      'api-access for alice',
    ],
    [{ what: 'App with a made-up -For', to: 'API', authorization: app, assertionFor: madeUp }, ...invalid],
    [{ what: "App with alice's, re-signed", to: 'API', authorization: app, assertionFor: resigned }, ...invalid],
    [{ what: "App with alice's, expired", to: 'API', authorization: app, assertion: expired }, ...invalid],
    [{ what: "alice with bob's Assertion", to: 'App', authorization: alice, assertion: bobs }, '200', 'alice'],
    [{ what: "alice with bob's as her -For", to: 'App', authorization: alice, assertionFor: bobs }, '200', 'alice'],
    [
      { what: "eve with alice's Assertion", to: 'App', authorization: eve, assertion: alices },
      '403 domain-unauthorized',
      'nothing',
    ],
    [{ what: 'alice straight at API', to: 'API', authorization: alice }, '403 user-unauthorized', 'nothing'],
    [{ what: 'nobody at App', to: 'App', authorization: null }, '401 user-unauthenticated', 'nothing'],
  ];
}
