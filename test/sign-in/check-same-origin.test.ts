import { describe, expect, test } from 'vitest';
import { checkSameOrigin } from '../../src/sign-in/check-same-origin.ts';

const own = 'https://app.example:8443';

describe('checkSameOrigin', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['same origin', { 'sec-fetch-site': 'same-origin' }, true],
    [
      'same origin, behind a server that changes Host',
      { 'sec-fetch-site': 'same-origin', origin: 'https://other' },
      true,
    ],
    ['a sibling', { 'sec-fetch-site': 'same-site', origin: own }, false],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: own }, false],
    ['typed', { 'sec-fetch-site': 'none' }, false],
    ['own Origin alone', { origin: own }, true],
    ['Origin without the port', { origin: 'https://app.example' }, false],
    ['Origin with another scheme', { origin: 'http://app.example:8443' }, false],
    ['an opaque Origin', { origin: 'null' }, false],
    ['neither', {}, false],
  ])('%s: %j passes: %j', (_, headers, expected) => {
    const request = {
      scheme: 'https',
      authority: 'app.example:8443',
      header: (name: string) => headers[name] ?? null,
    } as const;
    const check = () => checkSameOrigin(request);
    if (expected) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code: 'ERR_SIGN_IN_FAILED', reason: 'origin' }));
  });
});
