import { describe, expect, test } from 'vitest';
import { openCookieJar } from '../../src/demo/open-cookie-jar.ts';

describe('a cookie jar', () => {
  const KEPT: Record<string, [lines: string[], cookie: string]> = {
    'keeps what comes, in its order': [['a=1', 'b=2; HttpOnly'], 'a=1; b=2'],
    'has one of a name, the last': [['a=1', 'b=2', 'a=3'], 'a=3; b=2'],
    'keeps a value with signs of its own, and an empty one': [['a="x=y=="', 'b='], 'a="x=y=="; b='],
    'gives back what is taken back by its age': [['a=1', 'b=2', 'a=; max-age=0'], 'b=2'],
    'gives back what is taken back by its end': [['a=1', 'b=2', 'a=; expires=Thu, 01 Jan 1970 00:00:00 GMT'], 'b=2'],
    'believes the age first': [['a=1; Max-Age=60; expires=Thu, 01 Jan 1970 00:00:00 GMT'], 'a=1'],
    'takes a cookie of a host': [['__Host-a=1; Path=/; Secure'], '__Host-a=1'],
    'takes none for a folder': [['__Host-a=1; Path=/b; Secure'], ''],
    'takes none that is not secure': [['__Host-a=1; Path=/'], ''],
    'takes none for a whole domain': [['__Host-a=1; Path=/; Secure; Domain=localhost'], ''],
  };
  test.each(Object.entries(KEPT))('%s', (_, [lines, cookie]) => {
    const jar = openCookieJar();
    jar.keep('app.localhost', lines);
    expect(jar.write('app.localhost')).toBe(cookie);
    expect(jar.write('wiki.localhost')).toBe('');
  });

  test('has a cookie of a whole domain on all hosts of it that are known', () => {
    const jar = openCookieJar();
    const hosts = ['app.localhost', 'wiki.localhost', 'localhost', 'otherlocalhost'];
    for (const host of hosts) jar.of(host);
    jar.keep('app.localhost', ['a=1; Domain=localhost']);
    expect(hosts.map(jar.write)).toEqual(['a=1', 'a=1', 'a=1', '']);
    jar.keep('wiki.localhost', ['a=; Max-Age=0; Domain=localhost']);
    expect(hosts.map(jar.write)).toEqual(['', '', '', '']);
  });
});
