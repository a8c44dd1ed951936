import { describe, expect, test } from 'vitest';
import type { Redirect, Route } from '../../src/config/config.ts';
import { normalizePath } from '../../src/normalize-path.ts';
import { writeRedirect } from '../../src/proxy/write-redirect.ts';
import { sendRaw } from '../support/send-raw.ts';
import { routeOf } from './routes.ts';
import { startProxy } from './start-proxy.ts';

const NOTHING: Redirect = {
  scheme: null,
  host: null,
  port: null,
  path: null,
  prefixRewrite: null,
  status: 301,
  stripsQuery: false,
};

interface Case {
  readonly redirect: Partial<Redirect>;
  readonly to: string;
  readonly authority?: string;
  readonly target?: string;
  readonly route?: Partial<Route>;
}

/** Where a request for `http://a.test/x/y?q=1`, unless told otherwise, is sent. */
const CASES: Readonly<Record<string, Case>> = {
  'to TLS': { redirect: { scheme: 'https' }, to: 'https://a.test/x/y?q=1' },
  'to TLS from the port that goes without saying': {
    redirect: { scheme: 'https' },
    authority: 'a.test:80',
    to: 'https://a.test/x/y?q=1',
  },
  'to TLS from a port of its own, which stays': {
    redirect: { scheme: 'https' },
    authority: 'a.test:8080',
    to: 'https://a.test:8080/x/y?q=1',
  },
  'to TLS on a port': {
    redirect: { scheme: 'https', port: 8443 },
    authority: 'a.test:80',
    to: 'https://a.test:8443/x/y?q=1',
  },
  'to a port that goes without saying': {
    redirect: { port: 80 },
    authority: 'a.test:8080',
    to: 'http://a.test/x/y?q=1',
  },
  'to another host': { redirect: { host: 'b.test' }, authority: 'a.test:8080', to: 'http://b.test/x/y?q=1' },
  'of an address': { redirect: { port: 81 }, authority: '[::1]:8080', to: 'http://[::1]:81/x/y?q=1' },
  'of an address without a port': { redirect: { scheme: 'https' }, authority: '[::1]', to: 'https://[::1]/x/y?q=1' },
  'to a path': { redirect: { path: '/new' }, to: 'http://a.test/new?q=1' },
  'to a path with a query, which is in the place of the request’s': {
    redirect: { path: '/new?a=2' },
    to: 'http://a.test/new?a=2',
  },
  'without the query': { redirect: { host: 'b.test', stripsQuery: true }, to: 'http://b.test/x/y' },
  'of a prefix': {
    redirect: { prefixRewrite: '/z' },
    route: { path: { kind: 'prefix', value: '/x' } },
    to: 'http://a.test/z/y?q=1',
  },
  'of a prefix to nothing': {
    redirect: { prefixRewrite: '/' },
    route: { path: { kind: 'prefix', value: '/x' } },
    to: 'http://a.test/y?q=1',
  },
  'of a path that looks like a host': {
    redirect: { scheme: 'https' },
    target: '//evil.test/a',
    to: 'https://a.test/evil.test/a',
  },
  'of a prefix before what looks like a host': {
    redirect: { prefixRewrite: '/' },
    route: { path: { kind: 'prefix', value: '/x' } },
    target: '/x//evil.test/a',
    to: 'http://a.test/evil.test/a',
  },
  'of a path with a user': { redirect: { scheme: 'https' }, target: '/@evil.test', to: 'https://a.test/@evil.test' },
  'of a path with escapes': {
    redirect: { scheme: 'https' },
    target: '/a%20%c3%a9',
    to: 'https://a.test/a%20%C3%A9',
  },
};

describe('writeRedirect', () => {
  test.each(Object.entries(CASES))(
    '%s',
    (_, { redirect, to, authority = 'a.test', target = '/x/y?q=1', route = {} }) => {
      const mark = target.indexOf('?');
      const request = {
        method: 'GET',
        host: 'a.test',
        authority,
        path: normalizePath(mark < 0 ? target : target.slice(0, mark)),
        search: mark < 0 ? '' : target.slice(mark),
        addresses: ['127.0.0.1'] as const,
        isSecure: false,
        isUpgrade: false,
        headers: [],
        presented: { assertion: [], assertionFor: [], authorization: [] },
      };
      expect(writeRedirect({ ...NOTHING, ...redirect }, routeOf('a.test', route), request, 'http')).toEqual({
        status: 301,
        headers: [['location', to]],
        body: '',
      });
    },
  );

  test('a prefix that ends in the middle of a name is refused', () => {
    const request = { path: normalizePath('/xy') } as Parameters<typeof writeRedirect>[2];
    const route = routeOf('a.test', { path: { kind: 'prefix', value: '/x' } });
    expect(() =>
      writeRedirect({ ...NOTHING, prefixRewrite: '/z' }, route, { ...request, authority: 'a.test' }, 'http'),
    ).toThrow(expect.objectContaining({ code: 'ERR_REQUEST_MALFORMED', reason: 'path-rewrite' }));
  });
});

test('a route that redirects does so after the decision, with the headers that it sets', async () => {
  await using proxy = await startProxy({
    routes: [
      {
        name: 'old',
        from: 'http://old.test',
        redirect: { host_redirect: 'new.test', response_code: 308 },
        policy: [{ deny: { or: [{ http_method: { is: 'DELETE' } }] }, allow: { or: [{ accept: true }] } }],
        set_response_headers: { 'X-Mine': 'ours' },
      },
    ],
  });
  const ask = (method: string) =>
    sendRaw(proxy.url, `${method} /a?b HTTP/1.1\r\nHost: old.test\r\nConnection: close\r\n\r\n`);
  const passed = await ask('POST');
  expect(passed).toMatch(/^HTTP\/1\.1 308 Permanent Redirect\r\n/);
  for (const line of [
    'location: http://new.test/a?b',
    'x-mine: ours',
    'cache-control: no-store',
    'content-length: 0',
  ]) {
    expect(passed.toLowerCase()).toContain(`\r\n${line}\r\n`);
  }
  expect(await ask('DELETE')).toMatch(/^HTTP\/1\.1 403 (?!.*location)/is);
  expect(proxy.takeLines()).toMatchObject([
    { route: 'old', status: 308, allow: true },
    { route: 'old', status: 403, allow: false },
  ]);
});
