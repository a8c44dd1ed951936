import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTarget } from '../../src/sign-in/parse-target.ts';

describe('parseTarget', () => {
  test.each([
    ['/a/b?c=d&e#f', '/a/b?c=d&e#f'],
    ['/a%2Fb', '/a%2Fb'],
    ['/a?b=\\', '/a?b=%5C'],
    ['/ä ö', '/%C3%A4%20%C3%B6'],
    ['/a/../b', '/b'],
    ['', '/'],
    ['?a', '/'],
    ['//a', '/'],
    ['/\\a', '/'],
    ['/..//a', '/'],
    ['/%2e%2e//a', '/'],
    ['/\t/a', '/'],
    ['/a//b', '/a//b'],
    ['https://a/', '/'],
    [`/${'a'.repeat(2047)}`, `/${'a'.repeat(2047)}`],
    [`/${'a'.repeat(2048)}`, '/'],
    [`/${'ä'.repeat(342)}`, '/'],
  ])('%j is %j', (text, target) => {
    expect(parseTarget(text)).toBe(target);
  });

  test('stays on its host behind any origin, whatever it was', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('/', '\\', '.', '%2e', '%2f', '@', ':', '?', '#', '\t', '\n', 'a', 'ä'),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const target = parseTarget(`/${text}`);
        expect(new URL(`https://app.example${target}`).host).toBe('app.example');
        expect(new URL(target, 'https://app.example').host).toBe('app.example');
        expect(target).toMatch(/^\/[\x21-\x5b\x5d-\x7e]*$/);
        expect(parseTarget(target).length).toBeLessThanOrEqual(2048);
      }),
    );
  });
});
