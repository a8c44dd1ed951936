import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BehalfError } from '../src/errors.ts';
import { normalizePath } from '../src/normalize-path.ts';

const READ: Readonly<Record<string, readonly [raw: string, encoded: string, decoded?: string]>> = {
  'the root': ['/', '/'],
  'a plain path': ['/a/b.c', '/a/b.c'],
  'a trailing slash stays': ['/a/', '/a/'],
  'slashes are merged': ['//a///b//', '/a/b/'],
  'a dot segment': ['/a/./b', '/a/b'],
  'a double dot segment': ['/public/../admin', '/admin'],
  'slashes are merged before dots are resolved': ['/a//../b', '/b'],
  'dots at the end leave a folder': ['/a/b/..', '/a/'],
  'dots do not lead above the root': ['/../../etc', '/etc'],
  'encoded dots are dots': ['/public/%2e%2E/admin', '/admin'],
  'half encoded dots': ['/public/.%2e/admin', '/admin'],
  'three dots are a name': ['/.../a', '/.../a'],
  'dots inside a name': ['/a..b/.c', '/a..b/.c'],
  'unreserved escapes are decoded': ['/%61%7E%2D', '/a~-'],
  'escapes in upper case': ['/a%c3%a9', '/a%C3%A9', '/aé'],
  'a space': ['/a%20b', '/a%20b', '/a b'],
  'reserved characters keep their form': ['/a;b%3Bc+d%2Be', '/a;b%3Bc+d%2Be', '/a;b;c+d+e'],
  'decoded once': ['/%252e%252e/%252f', '/%252e%252e/%252f', '/%2e%2e/%2f'],
  'characters without a place in a path are encoded': ['/{a}|"b"', '/%7Ba%7D%7C%22b%22', '/{a}|"b"'],
  'a parameter': ['/a;v=1/b', '/a;v=1/b'],
  'an escaped question mark and hash': ['/a%3Fb%23c', '/a%3Fb%23c', '/a?b#c'],
};

const REFUSED: Readonly<Record<string, string>> = {
  'an encoded slash': '/a%2Fb',
  'an encoded slash in lower case': '/..%2f..%2fadmin',
  'an encoded backslash': '/a%5Cb',
  'a raw backslash': '/a\\..\\b',
  NUL: '/a%00.png',
  'an escaped line break': '/a%0Ab',
  'an escaped delete': '/a%7Fb',
  'a parameter on nothing': '/;x/admin',
  'an encoded parameter on nothing': '/%3bx/admin',
  'a parameter on dots': '/public/..;/admin',
  'an encoded parameter on dots': '/public/..%3bx/admin',
  'a parameter on encoded dots': '/public/%2e%2e;x=1/admin',
  'a parameter on one dot': '/.;/admin',
  'a bare percent': '/100%',
  'an escape without digits': '/a%zzb',
  'a truncated escape': '/a%2',
  'an overlong UTF-8 slash': '/%c0%af',
  'a lone continuation byte': '/%80',
  'a surrogate in UTF-8': '/%ED%A0%80',
  'a truncated character': '/%E2%82',
  'a raw byte beyond ASCII': '/\xe9',
  'a raw control character': '/a\tb',
  'a fragment': '/a#b',
  'no leading slash': 'a/b',
  nothing: '',
};

describe('normalizePath', () => {
  test.each(Object.entries(READ))('%s', (_, [raw, encoded, decoded = encoded]) => {
    expect(normalizePath(raw)).toEqual({ encoded, decoded });
  });

  test.each(Object.entries(REFUSED))('refuses %s', (_, raw) => {
    expect(() => normalizePath(raw)).toThrow(
      expect.objectContaining({
        code: 'ERR_REQUEST_MALFORMED',
        reason: 'path',
        message: 'the path can be read in more than one way',
      }),
    );
  });

  const piece = fc.constantFrom(
    '/',
    '//',
    '.',
    '..',
    'a',
    'b;c',
    '%2e',
    '%2E%2e',
    '%3b',
    ';',
    '%20',
    '%C3%A9',
    '%',
    '%2f',
    '{',
    '~',
    '%41',
    '%25',
  );
  const path = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);

  test('is settled: normal is normal, has no dot segment or empty one, and decodes to what was judged', () => {
    fc.assert(
      fc.property(path, (raw) => {
        let normal: ReturnType<typeof normalizePath>;
        try {
          normal = normalizePath(raw);
        } catch (error) {
          expect(error).toBeInstanceOf(BehalfError);
          return;
        }
        expect(normalizePath(normal.encoded)).toEqual(normal);
        expect(decodeURIComponent(normal.encoded)).toBe(normal.decoded);
        expect(normal.encoded).not.toMatch(/\/\/|\/\.{1,2}(?:\/|;|$)/);
        // An independent reading: WHATWG's agrees wherever no two slashes meet.
        if (!raw.includes('//')) {
          expect(decodeURIComponent(new URL(raw, 'http://h').pathname)).toBe(normal.decoded);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
