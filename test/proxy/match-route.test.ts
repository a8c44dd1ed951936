import { describe, expect, test } from 'vitest';
import { buildRouteTable, matchRoute, servesHost } from '../../src/proxy/match-route.ts';
import { routeOf } from './routes.ts';

const ROUTES = [
  routeOf('api.example.com', { name: 'health', path: { kind: 'path', value: '/health' } }),
  routeOf('api.example.com', { name: 'v1', path: { kind: 'prefix', value: '/v1' } }),
  routeOf('api.example.com', { name: 'numbered', path: { kind: 'regex', value: '/item/[0-9]+(?:/.*)?' } }),
  routeOf('*.example.com', { name: 'wild', path: { kind: 'prefix', value: '/w' } }),
  routeOf('*.example.com', { name: 'wild rest' }),
  routeOf('app-*.example.org', { name: 'middle' }),
  routeOf('app.example.com', { name: 'app first' }),
  routeOf('app.example.com', { name: 'app second' }),
];
const authenticateServiceUrl = new URL('https://authenticate.example.com:8443');
const TABLE = buildRouteTable({ routes: ROUTES, authenticateServiceUrl });

const CASES: Readonly<Record<string, readonly [host: string, path: string, name: string | null]>> = {
  'an exact path': ['api.example.com', '/health', 'health'],
  'an exact path is no prefix': ['api.example.com', '/health/x', null],
  'a prefix is a plain string': ['api.example.com', '/v10', 'v1'],
  'a regex takes a whole path': ['api.example.com', '/item/12', 'numbered'],
  'a regex takes no part of a path': ['api.example.com', '/x/item/12', null],
  'a regex takes no path with more behind': ['api.example.com', '/item/12x', null],
  'paths keep their case': ['api.example.com', '/HEALTH', null],
  'an exact host shadows the wildcards, even where none of its paths match': ['api.example.com', '/w', null],
  'a wildcard': ['other.example.com', '/w', 'wild'],
  'a wildcard takes dots': ['a.b.example.com', '/w', 'wild'],
  'the next wildcard where the path is not of the first': ['other.example.com', '/x', 'wild rest'],
  'a wildcard in the middle': ['app-7.example.org', '/', 'middle'],
  'a wildcard is not the bare domain': ['example.com', '/', null],
  'a wildcard matches the whole host': ['x.example.com.evil.net', '/', null],
  'a dot is a dot': ['xexample.com', '/', null],
  'the first in the order of the file': ['app.example.com', '/', 'app first'],
  'the host where people sign in, under a wildcard': ['authenticate.example.com', '/w', null],
  'a host beside it': ['authenticate2.example.com', '/w', 'wild'],
  'an unknown host': ['nowhere.test', '/', null],
};

describe('servesHost', () => {
  test.each([
    ['api.example.com', true],
    ['other.example.com', true],
    ['authenticate.example.com', false],
    ['nowhere.test', false],
  ])('%s: %s', (host, isServed) => {
    expect(servesHost(TABLE, host)).toBe(isServed);
  });
});

describe('matchRoute', () => {
  test.each(Object.entries(CASES))('%s', (_, [host, path, name]) => {
    expect(matchRoute(TABLE, host, path)?.name ?? null).toBe(name);
  });
});
