import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt } from './attempt.ts';
import { buildLies, type Expected } from './build-lies.ts';
import type { Screen } from './create-screen.ts';
import { SERVICES, type ServiceName } from './scenario.ts';
import type { Stage } from './stage.ts';
import type { Identity } from './verify-headers.ts';

const REVOKED_WITHIN_MS = 1_000;
const WHAT_WIDTH = 31;

/** What alice's request has to be at each service: who calls, on whose behalf. */
const CHAIN: Readonly<Record<ServiceName, readonly [assertion: string, assertionFor: string]>> = {
  App: ['user alice@companydomain.com, for app.localhost', 'none'],
  API: ['service account api-access, for api.localhost', 'user alice@companydomain.com, for app.localhost'],
  API2: ['service account api2-access, for api2.localhost', 'user alice@companydomain.com, for app.localhost'],
};

/**
 * Walks the scenario with real requests, prints what every service saw, then lies to the proxy. Every line is checked.
 *
 * @returns whether all came as expected
 */
export async function walk(stage: Stage, screen: Screen): Promise<boolean> {
  let surprises = 0;
  /** Prints what was got: no line says anything but what happened. */
  const check = (label: string, got: string, expected: string): void => {
    screen.verdict(got === expected, `${label}${got}`);
    if (got === expected) return;
    surprises += 1;
    screen.line(`${' '.repeat(label.length)}${expected}  <- expected`);
  };
  const tell = async ([request, answer, reached]: Expected): Promise<void> => {
    const outcome = await attempt(stage, request);
    check(request.what.padEnd(WHAT_WIDTH), writeRow(outcome.answer, outcome.reached), writeRow(answer, reached));
  };
  const { alice, bob, eve } = stage.identityTokens;

  screen.heading('1  alice@companydomain.com asks App, App asks API, API asks API2');
  const { answer, saw } = await attempt(stage, { what: 'alice', to: 'App', authorization: `Bearer ${alice}` });
  const seconds = performance.now() / 1000;
  const alices = saw.App[0]?.assertion ?? '';
  for (const name of SERVICES) {
    const sighting = saw[name][0];
    const [assertion, assertionFor] = CHAIN[name];
    check(`${name.padEnd(6)} Assertion  `, writeIdentity(sighting?.identities?.caller), assertion);
    if (name === 'App') screen.line(`                  ${writeBytes(alices)}`);
    check('       -For       ', writeIdentity(sighting?.identities?.originalUser), assertionFor);
    if (name !== 'App') check('                  ', writeBytes(sighting?.assertionFor), writeBytes(alices));
  }
  check('alice  Answer     ', answer, '200');
  if (surprises > 0) return false;
  screen.line();
  screen.line('Each service verified this itself, with the keys that the proxy publishes.');
  screen.line(`First verified -For: ${seconds.toFixed(1)} s after the start.`);

  screen.heading('2  eve@elsewhere.example asks App');
  screen.line(`${'sent'.padEnd(WHAT_WIDTH)}${writeRow('the proxy answers', 'a service sees')}`);
  const denied = ['403 domain-unauthorized', 'nothing'] as const;
  await tell([{ what: 'eve with her identity token', to: 'App', authorization: `Bearer ${eve}` }, ...denied]);

  screen.heading('3  Lies, beside the truth');
  const visit = await attempt(stage, { what: 'bob', to: 'App', authorization: `Bearer ${bob}` });
  for (const expected of await buildLies(stage, alices, visit.saw.App[0]?.assertion ?? '')) await tell(expected);

  const spare = await stage.createServiceAccountToken();
  const app = { what: 'App with a spare token', to: 'API', authorization: `Bearer Pomerium-${spare}` } as const;
  await tell([app, '200', 'api-access']);
  await stage.revokeServiceAccountToken(spare);
  const revoked = performance.now();
  const elapsed = () => performance.now() - revoked;
  while (elapsed() < REVOKED_WITHIN_MS && (await attempt(stage, app)).answer === '200') await sleep(20);
  const took = elapsed();
  await tell([{ ...app, what: `the same, revoked ${Math.ceil(took)} ms ago` }, '401 revoked', 'nothing']);
  screen.line();
  screen.line('The expired assertion was signed with the key of the proxy itself: the demo');
  screen.line('made that key, and gave it to the proxy.');
  return surprises === 0;
}

function writeIdentity(identity: Identity | null | undefined): string {
  if (identity === undefined) return 'no request that could be verified';
  if (identity === null) return 'none';
  const { type, id, email, audience } = identity;
  return `${type === 'user' ? `user ${email}` : `service account ${id}`}, for ${audience}`;
}

function writeBytes(token: string | null | undefined): string {
  const digest = createHash('sha256')
    .update(token ?? '')
    .digest('hex');
  return `${token?.length ?? 0} bytes, sha256 ${digest.slice(0, 16)}`;
}

function writeRow(answer: string, reached: string): string {
  return `${answer.padEnd(26)}${reached}`;
}
