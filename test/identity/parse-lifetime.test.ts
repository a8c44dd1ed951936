import { describe, expect, test } from 'vitest';
import { DEFAULT_LIFETIME, parseLifetime } from '../../src/identity/parse-lifetime.ts';

const TAKEN: Record<string, number | null> = {
  '90s': 90,
  '15m': 900,
  '12h': 43_200,
  '30d': 2_592_000,
  '1s': 1,
  '999999d': 86_399_913_600,
  never: null,
};
const REFUSED = [
  '',
  '0d',
  '-1d',
  '+1d',
  '01d',
  '1.5h',
  '1e3s',
  '90',
  'd',
  '1w',
  '1D',
  ' 1d',
  '1d\n',
  '1d2h',
  '1000000d',
  'Never',
];

describe('parseLifetime', () => {
  test.each(Object.entries(TAKEN))('%s', (text, seconds) => {
    expect(parseLifetime(text)).toBe(seconds);
  });

  test.each(REFUSED)('refuses %j', (text) => {
    expect(() => parseLifetime(text)).toThrow(
      expect.objectContaining({
        code: 'ERR_USAGE',
        message: `--expires takes 90s, 15m, 12h, 30d or never, not ${JSON.stringify(text)}`,
      }),
    );
  });

  test('the default is one of them', () => {
    expect(parseLifetime(DEFAULT_LIFETIME)).toBe(90 * 86_400);
  });
});
