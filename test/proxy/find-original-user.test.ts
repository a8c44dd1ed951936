import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Presentation } from '../../src/identity/verify-assertion.ts';
import { findOriginalUser } from '../../src/proxy/find-original-user.ts';
import { VerifiedAssertion } from '../../src/proxy/verified-assertion.ts';
import { forge, hmac } from '../identity/support/forge.ts';
import { claimsOf, makeIdentity, type World } from '../identity/support/make-identity.ts';

let world: World;
let presentation: Presentation;
let honest: string;
beforeAll(async () => {
  world = await makeIdentity();
  const token = world.serviceAccounts.create('app', null);
  const presenter = await world.identity.identifyCaller({ kind: 'service_account', token });
  presentation = { presenter, maxAgeSeconds: null };
  honest = world.identity.signAssertion(claimsOf('alice'), null);
});
afterAll(() => world[Symbol.asyncDispose]());

const forged = forge({ alg: 'HS256', typ: 'JWT' }, { iss: 'proxy.evil.example', sub: 'alice' }, hmac('x'));
const long = (bytes: number) => `${forged}${'A'.repeat(bytes - forged.length)}`;

/** What is found, under each mode: the user's id, `carried unverified`, the error, or null for nothing. */
type Found = string | null;
const CASES: Record<
  string,
  [assertion: () => string[], assertionFor: () => string[], verified: Found, unverified: Found]
> = {
  nothing: [() => [], () => [], null, null],
  'an honest Assertion': [() => [honest], () => [], 'alice', 'carried unverified'],
  'an honest -For': [() => [], () => [honest], 'alice', 'carried unverified'],
  'a forged -For': [() => [], () => [forged], 'issuer', 'carried unverified'],
  'an empty -For, and an honest Assertion': [() => [honest], () => [''], 'alice', 'carried unverified'],
  'two Assertions': [() => [honest, honest], () => [], 'repeated', 'repeated'],
  'an empty -For and another': [() => [honest], () => ['', honest], 'repeated', 'repeated'],
  'an empty Assertion and another': [() => ['', honest], () => [], 'repeated', 'repeated'],
  'two in a line': [() => [], () => [`${honest},${honest}`], 'repeated', 'repeated'],
  'no JWS': [() => [], () => ['alice'], 'malformed', 'malformed'],
  'a JWS with white space': [() => [], () => [`${honest} x`], 'malformed', 'malformed'],
  'no JSON inside': [() => [], () => ['YQ.YQ.YQ'], 'malformed', 'malformed'],
  'a critical extension': [
    () => [],
    () => [forge({ alg: 'HS256', crit: ['x'], x: 1 }, {}, hmac('x'))],
    'malformed',
    'malformed',
  ],
  'almost 8 KiB': [() => [], () => [long(8190)], 'issuer', 'carried unverified'],
  'more than 8 KiB': [() => [], () => [long(8194)], 'malformed', 'malformed'],
  'what is no JWS, in front of an honest Assertion': [() => [honest], () => ['alice'], 'malformed', 'malformed'],
};

describe.each(['verified', 'unverified'] as const)('findOriginalUser, original_user: %s', (mode) => {
  test.each(Object.entries(CASES))('%s', async (_, [assertion, assertionFor, ...found]) => {
    const presented = { assertion: assertion(), assertionFor: assertionFor(), authorization: [] };
    const { original, unverified, originalError } = await findOriginalUser(
      presented,
      world.identity,
      presentation,
      mode,
    );
    const carried = [original?.user.id, unverified && 'carried unverified', originalError].filter(Boolean);
    expect(carried).toEqual([found[mode === 'verified' ? 0 : 1]].filter(Boolean));
    const token = original?.token ?? unverified?.token ?? null;
    if (token !== null) expect([...presented.assertion, ...presented.assertionFor]).toContain(token);
  });

  test('hands out what it did not verify as nothing that was', async () => {
    const { original, unverified } = await findOriginalUser(
      { assertion: [], assertionFor: [honest], authorization: [] },
      world.identity,
      presentation,
      mode,
    );
    expect(original instanceof VerifiedAssertion).toBe(mode === 'verified');
    expect(unverified instanceof VerifiedAssertion).toBe(false);
  });
});
