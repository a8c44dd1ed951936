import { setTimeout as sleep } from 'node:timers/promises';
import { attempt } from './attempt.ts';
import { buildLies, type Expected } from './build-lies.ts';
import type { Screen } from './create-screen.ts';
import { SERVICE, SERVICES, type ServiceName } from './scenario.ts';
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
  const { alice, bob, eve } = stage.visitors;

  screen.heading('1  alice@companydomain.com signs in at App, App asks API, API asks API2');
  const { status, way } = await alice.visit(stage.urls.App);
  const seconds = performance.now() / 1000;
  const saw = await stage.takeSightings();
  const herself = saw.App[0]?.identities?.caller;
  check('alice  Sign-in    ', writeWay(way), 'app, authenticate, provider, authenticate, app');
  for (const name of SERVICES) {
    const sighting = saw[name][0];
    const [assertion, assertionFor] = CHAIN[name];
    check(`${name.padEnd(6)} Assertion  `, writeIdentity(sighting?.identities?.caller), assertion);
    if (name === 'App') screen.line(`                  ${herself?.fingerprint}`);
    check('       -For       ', writeIdentity(sighting?.identities?.originalUser), assertionFor);
    if (name !== 'App') {
      const carried = sighting?.identities?.originalUser?.fingerprint;
      check('                  ', carried ?? 'nothing', herself?.fingerprint ?? 'a token');
    }
  }
  check('alice  Answer     ', String(status), '200');
  if (surprises > 0) return false;
  screen.line();
  screen.line('Each service verified this itself, with the keys that the proxy publishes.');
  screen.line(`First verified -For: ${seconds.toFixed(1)} s after the start.`);

  screen.heading('2  eve@elsewhere.example signs in at App');
  await eve.visit(stage.urls.App);
  screen.line(`${'sent'.padEnd(WHAT_WIDTH)}${writeRow('the proxy answers', 'a service sees')}`);
  const denied = ['403 domain-unauthorized', 'nothing'] as const;
  const eves = { Cookie: eve.cookiesFor(SERVICE.App.host) };
  await tell([{ what: 'eve with her session', to: 'App', credential: eves }, ...denied]);

  screen.heading('3  Lies, beside the truth');
  await bob.visit(stage.urls.App);
  await alice.visit(stage.urls.API);
  const bobs = (await stage.takeSightings()).App[0]?.assertion ?? '';
  for (const expected of await buildLies(stage, saw.App[0]?.assertion ?? '', bobs)) await tell(expected);

  const spare = await stage.createServiceAccountToken();
  const credential = { Authorization: `Bearer Pomerium-${spare}` };
  const app = { what: 'App with a spare token', to: 'API', credential } as const;
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

/** The hosts that a sign-in came by, in short; only the provider is known by an address. */
function writeWay(way: readonly string[]): string {
  return way.map((host) => (host.startsWith('127.') ? 'provider' : host.replace(/\.localhost:\d+$/, ''))).join(', ');
}

function writeRow(answer: string, reached: string): string {
  return `${answer.padEnd(26)}${reached}`;
}
