import { describe, expect, test } from 'vitest';
import { PEOPLE } from '../../src/demo/scenario.ts';
import { asApp, strikeStage } from './play-attacks.ts';
import { ask, raiseStage } from './raise-stage.ts';

const { alice } = PEOPLE;
// By an address, and, though it is no person's, by an id.
const stage = await raiseStage({ settings: { operators: [alice.email, 'api-access'] } });
const { provider, assertion } = stage;

const asPerson = async (claims: object) => `Authorization: Bearer ${await provider.issue({ ...alice, ...claims })}`;
const asAlice = await asPerson({});
const asMallory = await asPerson({ sub: 'mallory', email: 'mallory@companydomain.com' });
const withUnverified = await asPerson({ sub: 'mallory', email_verified: false });
const withAddressAsId = await asPerson({ sub: alice.email, email: 'mallory@evil.example' });
const inCapitals = await asPerson({ email: alice.email.toUpperCase() });
const refused = (...lines: readonly string[]) => ask('boss', 'GET /', ...lines);

/** The one answer, and whether it tells of the policy: its criterion asks for "boss". */
async function receive(
  bytes: string,
): Promise<{ status: number | undefined; head: string; body: string; tells: boolean }> {
  const [answer, ...others] = await stage.send(bytes);
  expect(others).toEqual([]);
  const { status, head = '', body = '' } = answer ?? {};
  return { status, head, body, tells: body.includes('boss') };
}

describe('what is told to operators is told to nobody else', () => {
  const strangers: Readonly<Record<string, [bytes: string, status: number]>> = {
    nobody: [refused(), 401],
    'nobody, with headers that name an operator': [refused(`X-Pomerium-Claim-Email: ${alice.email}`), 401],
    'another person': [refused(asMallory), 403],
    "an operator's address that the provider has not verified": [refused(withUnverified), 403],
    "an id that is an operator's address": [refused(withAddressAsId), 403],
    'an address that differs in case': [refused(inCapitals), 403],
    "a service account whose id is an operator's": [refused(asApp(stage)), 403],
    'a service account on behalf of an operator': [
      refused(asApp(stage), `X-Pomerium-Jwt-Assertion-For: ${assertion()}`),
      403,
    ],
  };
  test.each(Object.entries(strangers))('%s', async (_, [bytes, status]) => {
    expect(await receive(bytes)).toMatchObject({ status, tells: false });
    expect(await receive(refused(asAlice))).toMatchObject({ status: 403, tells: true });
  });
});

describe("a page of an upstream does not read it with its visitor's credential", () => {
  const visit = ['Sec-Fetch-Site: none', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
  const scripts: Readonly<Record<string, readonly string[]>> = {
    'a fetch': ['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty'],
    'a fetch that says it is a document': ['Sec-Fetch-Mode: same-origin', 'Sec-Fetch-Dest: document'],
    'a navigation that a service worker fetches again': ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: empty'],
    'a navigation that a service worker preloads': [...visit, 'Service-Worker-Navigation-Preload: true'],
    'one that it preloads with a value of its own': [...visit, 'Service-Worker-Navigation-Preload:'],
    'a frame': ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe'],
    'a link of another site': ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'],
    'two modes': ['Sec-Fetch-Mode: cors', ...visit],
  };
  test.each(Object.entries(scripts))('by %s', async (_, lines) => {
    expect(await receive(refused(asAlice, ...lines))).toMatchObject({ status: 403, tells: false });
    expect(await receive(refused(asAlice, ...visit))).toMatchObject({ status: 403, tells: true });
  });

  test.each(['text/html', 'application/json'])('in a window or frame: it is of no origin (%s)', async (accept) => {
    const { head, tells } = await receive(refused(asAlice, `Accept: ${accept}`));
    expect(tells).toBe(true);
    expect(head).toMatch(/^content-security-policy: .*frame-ancestors 'none'; sandbox\r?$/im);
    expect(head).toMatch(/^cache-control: no-store\r?$/im);
  });
});

test('what a request holds is text on the page', async () => {
  const hostile = '%3Cscript%3E%E2%80%AE';
  const { body, tells } = await receive(ask('boss', `GET /${hostile}`, asAlice, 'Accept: text/html'));
  expect(tells).toBe(true);
  expect(body).toContain('/&#60;script&#62;\\u202e');
  expect(body).not.toContain('<script');
});

test('who may pass passes, operator or not', async () => {
  expect(await stage.exchange(ask('app', 'GET /', asAlice))).toEqual({
    answers: ['200'],
    seen: ['app: GET / by alice'],
  });
});

strikeStage(stage);
