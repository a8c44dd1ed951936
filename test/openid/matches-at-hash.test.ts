import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { matchesAtHash } from '../../src/openid/matches-at-hash.ts';

// OpenID Connect Core 1.0, appendix A.4.
const ACCESS_TOKEN = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y';
const AT_HASH = '77QmUPtjPfzWtF2AnpK9RQ';

const left = (digest: string, length: number): string =>
  createHash(digest).update(ACCESS_TOKEN).digest().subarray(0, length).toString('base64url');

describe('an at_hash', () => {
  const cases: Readonly<Record<string, [atHash: unknown, algorithm: unknown, matches: boolean]>> = {
    'is that of the specification': [AT_HASH, 'RS256', true],
    'has the hash of its algorithm': [left('sha384', 24), 'ES384', true],
    'has the hash of Ed25519': [left('sha512', 32), 'Ed25519', true],
    'has the hash of Ed25519 by its older name': [left('sha512', 32), 'EdDSA', true],
    'has not that of another algorithm': [AT_HASH, 'ES512', false],
    'is a half, not a whole': [left('sha256', 32), 'RS256', false],
    'is of no algorithm that is not known': [AT_HASH, 'none', false],
    'is a text': [[AT_HASH], 'RS256', false],
  };
  for (const [name, [atHash, algorithm, matches]] of Object.entries(cases)) {
    test(name, () => expect(matchesAtHash(atHash, ACCESS_TOKEN, algorithm)).toBe(matches));
  }
});
