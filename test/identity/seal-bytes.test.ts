import { describe, expect, test } from 'vitest';
import { deriveKey } from '../../src/identity/derive-key.ts';
import { sealBytes, unsealBytes } from '../../src/identity/seal-bytes.ts';
import { SECRET } from './support/make-identity.ts';

const key = deriveKey(SECRET, 'sessionTokens');
const TEXT = 'tökens\u0000\u{1f511}';
const sealed = sealBytes(key, TEXT, 'session-1');

describe('a sealed text', () => {
  test.each([
    ['text', TEXT],
    ['none', ''],
  ])('is opened again: %s', (_, text) => {
    expect(unsealBytes(key, sealBytes(key, text, 'session-1'), 'session-1')).toBe(text);
  });

  test('is another each time', () => {
    expect(sealBytes(key, TEXT, 'session-1').equals(sealed)).toBe(false);
  });

  const flipped = (at: number) => Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 1 : byte));
  const OTHERS: Record<string, [Parameters<typeof unsealBytes>[0], Uint8Array, string]> = {
    'with another nonce': [key, flipped(0), 'session-1'],
    'with another tag': [key, flipped(12), 'session-1'],
    'with another text': [key, flipped(sealed.length - 1), 'session-1'],
    'cut short': [key, sealed.subarray(0, -1), 'session-1'],
    'with a tag that is cut short': [key, sealed.subarray(0, 27), 'session-1'],
    empty: [key, new Uint8Array(), 'session-1'],
    'for another context': [key, sealed, 'session-2'],
    'with a key of another purpose': [deriveKey(SECRET, 'handOver'), sealed, 'session-1'],
    'with a key of another secret': [deriveKey(SECRET.with(0, 8), 'sessionTokens'), sealed, 'session-1'],
  };
  test.each(Object.entries(OTHERS))('is nothing %s', (_, args) => {
    expect(unsealBytes(...args)).toBeNull();
  });
});
