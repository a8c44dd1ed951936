import { describe, expect, test } from 'vitest';
import { parseRedirectUri } from '../../src/programs/parse-redirect-uri.ts';

const TAKEN: Record<string, string> = {
  'http://127.0.0.1:53122/a': 'http://127.0.0.1:53122/a',
  'http://127.1/': 'http://127.0.0.1/',
  'http://[::1]:8/': 'http://[::1]:8/',
  'http://LocalHost:8/cb?state=x%20y': 'http://localhost:8/cb?state=x%20y',
};

const REFUSED: Record<string, string> = {
  nothing: '',
  'a path': '/callback',
  https: 'https://127.0.0.1/',
  'a scheme of an app': 'app:/callback',
  'another host': 'http://example.com/',
  'a name under localhost, which may be a route': 'http://app.localhost/',
  'localhost with a dot': 'http://localhost./',
  'every address': 'http://0.0.0.0:8/',
  'IPv4 in IPv6': 'http://[::ffff:127.0.0.1]:8/',
  'a user': 'http://me@127.0.0.1/',
  'a password': 'http://:secret@127.0.0.1/',
  'a fragment': 'http://127.0.0.1/#a',
  'an empty fragment': 'http://127.0.0.1/#',
  'a code': 'http://127.0.0.1/?code=mine',
  'an error': 'http://127.0.0.1/?a=1&error',
  'more than 512 characters': `http://127.0.0.1/${'a'.repeat(512)}`,
  'more than 512 once it is written as an URL': `http://127.0.0.1/${'é'.repeat(100)}`,
};

describe('parseRedirectUri', () => {
  test.each(Object.entries(TAKEN))('takes %s', (text, href) => {
    expect(parseRedirectUri(text)?.href).toBe(href);
  });

  test.each(Object.entries(REFUSED))('refuses %s', (_, text) => {
    expect(parseRedirectUri(text)).toBe(null);
  });
});
