import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addKey,
  findKeyState,
  type NewKey,
  removeKey,
  type StoredKey,
  startKeys,
} from '../../src/identity/rotate-keys.ts';

const KEEP = 360;
const newKey = (kid: string): NewKey => ({ kid, alg: 'ES256', pem: kid });
const show = (keys: readonly StoredKey[], now: number) =>
  Object.fromEntries(keys.map((key) => [key.kid, findKeyState(key, now)]));
const add = (keys: readonly StoredKey[], kid: string, now: number, after: number) =>
  addKey(keys, newKey(kid), { now, signsFrom: now + after, keepSeconds: KEEP });
const remove = (keys: readonly StoredKey[], kid: string, now: number) => removeKey(keys, kid, newKey('fresh'), now);

const first = startKeys(newKey('a'), 1000);

describe('the phases of a rotation', () => {
  const rotated = add(first, 'b', 2000, 3600);
  test.each([
    [2000, { a: 'signing', b: 'next' }],
    [5599.9, { a: 'signing', b: 'next' }],
    [5600, { a: 'retired', b: 'signing' }],
    [5959.9, { a: 'retired', b: 'signing' }],
    [5960, { a: null, b: 'signing' }],
    [9e9, { a: null, b: 'signing' }],
  ])('at %d', (now, states) => {
    expect(show(rotated, now)).toEqual(states);
  });

  test('without a delay: the new one signs at once, the former stays', () => {
    expect(show(add(first, 'b', 2000, 0), 2000)).toEqual({ a: 'retired', b: 'signing' });
  });

  test('again before it signs: the newest is the next, the one in between stays published', () => {
    const again = add(rotated, 'c', 3000, 600);
    expect(show(again, 3000)).toEqual({ a: 'signing', b: 'retired', c: 'next' });
    expect(show(again, 3600)).toEqual({ a: 'retired', b: null, c: 'signing' });
  });

  test('later drops what has ended', () => {
    expect(add(rotated, 'c', 6000, 0).map(({ kid }) => kid)).toEqual(['b', 'c']);
  });
});

describe('a key that is removed', () => {
  const rotated = add(first, 'b', 2000, 3600);
  test.each([
    ['signs, alone: a fresh one signs', first, 'a', { fresh: 'signing' }, { fresh: 'signing' }],
    ['signs: the next one signs', rotated, 'a', { b: 'signing' }, { b: 'signing' }],
    ['is next: the other goes on', rotated, 'b', { a: 'signing' }, { a: 'signing' }],
    ['is retired', add(first, 'b', 2000, 0), 'a', { b: 'signing' }, { b: 'signing' }],
    [
      'signs, others are retired',
      add(first, 'b', 2000, 0),
      'b',
      { a: 'retired', fresh: 'signing' },
      { a: null, fresh: 'signing' },
    ],
  ])('%s', (_, keys, kid, now, later) => {
    const left = remove(keys, kid, 2100);
    expect(show(left, 2100)).toEqual(now);
    expect(show(left, 9e9)).toEqual(later);
  });
});

test('whatever is done, and at every moment: one key signs, and what signed is published until its tokens have ended', () => {
  const step = fc.record({
    wait: fc.nat(3000),
    act: fc.oneof(fc.record({ after: fc.constantFrom(0, 1, 60, 3600, 9999) }), fc.record({ remove: fc.nat(9) })),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let keys = first;
      let now = 1000;
      const lastSigned = new Map<string, number>();
      const removed = new Set<string>();
      const watch = (until: number) => {
        for (; now <= until; now += 50) {
          const signing = keys.filter((key) => findKeyState(key, now) === 'signing');
          expect(signing).toHaveLength(1);
          for (const { kid } of signing) lastSigned.set(kid, now);
          for (const [kid, at] of lastSigned) {
            if (removed.has(kid) || now > at + 300) continue;
            const key = keys.find((one) => one.kid === kid);
            expect(key && findKeyState(key, now)).toBeTruthy();
          }
        }
        now = until;
      };
      for (const [index, { wait, act }] of steps.entries()) {
        watch(now + wait);
        if ('after' in act) {
          keys = add(keys, `k${index}`, now, act.after);
        } else {
          const { kid } = keys[act.remove % keys.length] as StoredKey;
          removed.add(kid);
          keys = removeKey(keys, kid, newKey(`f${index}`), now);
        }
      }
      watch(now + 10_000);
    }),
    { numRuns: 200 },
  );
});
