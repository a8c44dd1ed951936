import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openCookieValues } from '../../src/session/open-cookie-values.ts';
import { SECRET } from './support/make-sessions.ts';

const LOCATOR = Buffer.alloc(24, 0xa7).toString('base64url');
const ofHosts = openCookieValues(SECRET, null);
const cookie = ofHosts.writeCookie(LOCATOR, 'app.example.com');

const flip = (text: string, at: number) => {
  const bytes = Buffer.from(text, 'base64url');
  bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
  return bytes.toString('base64url');
};

describe('the value of a session cookie', () => {
  test('is short, safe in a cookie, and gives its locator on its host', () => {
    expect(cookie).toMatch(/^[A-Za-z0-9_-]{64}$/);
    expect(`__Host-${'n'.repeat(100)}=${cookie}`.length).toBeLessThanOrEqual(200);
    expect(ofHosts.readCookie(cookie, 'app.example.com')).toBe(LOCATOR);
  });

  const NOTHING: Record<string, [value: string, host: string]> = {
    'that of another host': [cookie, 'api.example.com'],
    'that of a host below': [cookie, 'x.app.example.com'],
    none: ['', 'app.example.com'],
    'cut short': [cookie.slice(0, -1), 'app.example.com'],
    'half of it': [cookie.slice(0, 32), 'app.example.com'],
    'with more behind it': [`${cookie}A`, 'app.example.com'],
    'with padding': [`${cookie}=`, 'app.example.com'],
    'with a line break': [`${cookie}\n`, 'app.example.com'],
    'in quotes': [`"${cookie}"`, 'app.example.com'],
    'its bytes in another spelling': [
      Buffer.from(cookie, 'base64url')
        .toString('base64')
        .replace(/[A-Za-z0-9]$/, '+'),
      'app.example.com',
    ],
    '10 MB of it': [cookie.repeat(163_840), 'app.example.com'],
    'of another secret': [
      openCookieValues(SECRET.with(0, 8), null).writeCookie(LOCATOR, 'app.example.com'),
      'app.example.com',
    ],
    'a locator with the MAC of another': [
      Buffer.from(flip(cookie, 0), 'base64url').toString('base64url'),
      'app.example.com',
    ],
  };
  test.each(Object.entries(NOTHING))('is nothing: %s', (_, [value, host]) => {
    expect(ofHosts.readCookie(value, host)).toBeNull();
  });

  test('is nothing with any bit another', () => {
    const taken = Array.from({ length: 384 }, (_, at) => ofHosts.readCookie(flip(cookie, at), 'app.example.com'));
    expect(taken).toEqual(Array(384).fill(null));
  });

  test('cannot be made up', () => {
    const alphabet = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
    const value = fc.oneof(fc.string(), fc.string({ unit: alphabet, minLength: 64, maxLength: 64 }));
    fc.assert(fc.property(value, (text) => ofHosts.readCookie(text, 'app.example.com') === null));
  });

  test('is one for all hosts under a cookie domain, and not that of a host', () => {
    const ofDomain = openCookieValues(SECRET, 'example.com');
    const shared = ofDomain.writeCookie(LOCATOR, 'app.example.com');
    expect(ofDomain.readCookie(shared, 'api.example.com')).toBe(LOCATOR);
    expect(ofDomain.readCookie(cookie, 'app.example.com')).toBeNull();
    expect(ofHosts.readCookie(shared, 'app.example.com')).toBeNull();
  });
});
