import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openSeal } from '../../src/sign-in/seal.ts';

const SECRET = randomBytes(32);
const seal = openSeal<{ readonly text: string }>(SECRET, 'handOver');

describe('openSeal', () => {
  afterEach(() => vi.useRealTimers());

  test('gives back what it sealed, in characters that a cookie and a query take', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const sealed = seal.seal({ text }, 60);
        expect(sealed).toMatch(/^[\w-]+$/);
        expect(seal.unseal(sealed)).toEqual({ text });
      }),
    );
  });

  test('never seals alike', () => {
    expect(seal.seal({ text: 'a' }, 60)).not.toBe(seal.seal({ text: 'a' }, 60));
  });

  test('takes nothing that differs in one bit', () => {
    const bytes = Buffer.from(seal.seal({ text: 'a' }, 60), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(seal.unseal(changed.toString('base64url'))).toBeNull();
    }
    expect(seal.unseal(bytes.toString('base64url'))).toEqual({ text: 'a' });
  });

  test.each([
    ['of another purpose', openSeal(SECRET, 'signInRequest').seal({ text: 'a' }, 60)],
    ['of another secret', openSeal(randomBytes(32), 'handOver').seal({ text: 'a' }, 60)],
    ['empty', ''],
    ['too short', 'AAAA'],
    ['no base64url', '?'.repeat(80)],
    ['cut', seal.seal({ text: 'a' }, 60).slice(0, -2)],
    ['longer than anybody takes', seal.seal({ text: 'a'.repeat(8192) }, 60)],
  ])('takes nothing %s', (_, sealed) => {
    expect(seal.unseal(sealed)).toBeNull();
  });

  test('ends when it was to end', () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const sealed = seal.seal({ text: 'a' }, 60);
    vi.setSystemTime(1_059_999);
    expect(seal.unseal(sealed)).toEqual({ text: 'a' });
    vi.setSystemTime(1_060_000);
    expect(seal.unseal(sealed)).toBeNull();
  });
});
