import { describe, expect, test } from 'vitest';
import { judgeTimes } from '../../src/identity/judge-times.ts';

const NOW = 1_000_000;
const LEEWAY = 5;
const good = { exp: NOW + 100, iat: NOW, nbf: undefined };

const CASES: Record<string, [times: object, fault: string | null]> = {
  'in time': [{}, null],
  'ended within the leeway': [{ iat: NOW - 100, exp: NOW - 4 }, null],
  'ended by the leeway': [{ iat: NOW - 100, exp: NOW - 5 }, 'expired'],
  'issued within the leeway': [{ iat: NOW + 5 }, null],
  'issued after it': [{ iat: NOW + 6 }, 'not-yet-valid'],
  'nbf within the leeway': [{ nbf: NOW + 5 }, null],
  'nbf after it': [{ nbf: NOW + 6 }, 'not-yet-valid'],
  'nbf long ago': [{ nbf: 0 }, null],
  'issued after the leeway, and nbf long ago': [{ iat: NOW + 6, nbf: 0 }, 'not-yet-valid'],
  'parts of a second': [{ exp: NOW + 0.5, iat: NOW - 0.5 }, null],
  'no exp': [{ exp: undefined }, 'malformed'],
  'no iat': [{ iat: undefined }, 'malformed'],
  'exp as text': [{ exp: String(NOW + 100) }, 'malformed'],
  'iat as null': [{ iat: null }, 'malformed'],
  'nbf as null': [{ nbf: null }, 'malformed'],
  'nbf as a list': [{ nbf: [0] }, 'malformed'],
  'exp without end': [{ exp: JSON.parse('1e999') }, 'malformed'],
  'nbf below zero': [{ nbf: -1 }, 'malformed'],
  'over before it began': [{ exp: NOW }, 'malformed'],
};

describe('judgeTimes', () => {
  test.each(Object.entries(CASES))('%s', (_, [times, fault]) => {
    expect(judgeTimes({ ...good, ...times }, LEEWAY, NOW)).toBe(fault);
  });
});
