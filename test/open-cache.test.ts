import { describe, expect, test } from 'vitest';
import { type Cache, openCache } from '../src/open-cache.ts';

const held = (cache: Cache<number>, keys: number) =>
  Array.from({ length: keys }, (_, i) => i).filter((i) => cache.get(`k${i}`) !== undefined).length;
function fill(cache: Cache<number>, keys: number, bytes = 1): void {
  for (let i = 0; i < keys; i += 1) cache.set(`k${i}`, i, bytes);
}

describe('a cache', () => {
  test('gives what was put in, the newest value, and nothing after it was cleared', () => {
    const cache = openCache<number>({ count: 10, bytes: 10 });
    expect(cache.get('a')).toBeUndefined();
    cache.set('a', 1, 1);
    cache.set('a', 2, 1);
    expect(cache.get('a')).toBe(2);
    cache.clear();
    expect(cache.get('a')).toBeUndefined();
  });

  test('forgets what is deleted, in either generation, and the room it took', () => {
    const cache = openCache<number>({ count: 4, bytes: 1e9 });
    fill(cache, 3);
    for (const key of ['k0', 'k2', 'none']) cache.delete(key);
    expect(held(cache, 3)).toBe(1);
    const heavy = openCache<number>({ count: 1e9, bytes: 100 });
    for (let at = 0; at < 10; at += 1) {
      heavy.set(`h${at}`, at, 50);
      heavy.delete(`h${at}`);
    }
    heavy.set('a', 1, 25);
    heavy.set('b', 2, 25);
    expect([heavy.get('a'), heavy.get('b')]).toEqual([1, 2]);
  });

  test.each([
    ['entries', { count: 100, bytes: 1e9 }, 1, 50, 100],
    ['bytes', { count: 1e9, bytes: 1000 }, 10, 50, 100],
  ])('holds no more %s than it may, and at least half of that', (_, limits, bytes, least, most) => {
    const cache = openCache<number>(limits);
    fill(cache, 1000, bytes);
    const count = held(cache, 1000);
    expect(count).toBeGreaterThanOrEqual(least);
    expect(count).toBeLessThanOrEqual(most);
  });

  test('keeps what is in use through a flood', () => {
    const cache = openCache<number>({ count: 100, bytes: 1e9 });
    cache.set('used', 7, 1);
    for (let i = 0; i < 10_000; i += 1) {
      cache.set(`flood${i}`, i, 1);
      if (i % 20 === 0) expect(cache.get('used')).toBe(7);
    }
  });

  test('takes no entry that would drive out all others', () => {
    const cache = openCache<number>({ count: 100, bytes: 1000 });
    cache.set('small', 1, 10);
    cache.set('big', 2, 501);
    expect([cache.get('small'), cache.get('big')]).toEqual([1, undefined]);
  });

  test('counts an entry once that is put in again', () => {
    const cache = openCache<number>({ count: 100, bytes: 1000 });
    cache.set('other', 1, 10);
    for (let i = 0; i < 1000; i += 1) cache.set('same', i, 400);
    expect(cache.get('other')).toBe(1);
  });
});
