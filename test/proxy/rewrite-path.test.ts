import { describe, expect, test } from 'vitest';
import type { PathMatch } from '../../src/config/config.ts';
import { normalizePath } from '../../src/normalize-path.ts';
import { rewritePath } from '../../src/proxy/rewrite-path.ts';
import { routeOf } from './routes.ts';

interface Case {
  readonly match?: PathMatch;
  readonly rewrite?: string;
  readonly path: string;
  readonly upstream: string;
}

const prefix = (value: string): PathMatch => ({ kind: 'prefix', value });

const CASES: Readonly<Record<string, Case>> = {
  'no rewrite': { path: '/a%20b;c', upstream: '/a%20b;c' },
  'a prefix': { match: prefix('/api'), rewrite: '/v2', path: '/api/x', upstream: '/v2/x' },
  'the whole path is the prefix': { match: prefix('/api'), rewrite: '/v2', path: '/api', upstream: '/v2' },
  'a prefix to the root': { match: prefix('/api'), rewrite: '/', path: '/api/x', upstream: '/x' },
  'the root to a folder keeps them apart': { match: prefix('/'), rewrite: '/base', path: '/x', upstream: '/base/x' },
  'a prefix that ends in a slash': { match: prefix('/api/'), rewrite: '/v2', path: '/api/', upstream: '/v2/' },
  'what was escaped stays so': {
    match: prefix('/api'),
    rewrite: '/v2',
    path: '/api/a%20b%3Bc',
    upstream: '/v2/a%20b%3Bc',
  },
  'a prefix whose characters are escaped': {
    match: prefix('/é €/😀'),
    rewrite: '/v2',
    path: '/%C3%A9%20%E2%82%AC/%F0%9F%98%80/x',
    upstream: '/v2/x',
  },
  'an exact path is replaced whole': {
    match: { kind: 'path', value: '/a' },
    rewrite: '/b',
    path: '/a',
    upstream: '/b',
  },
  'a regex is replaced whole': { match: { kind: 'regex', value: '/a.*' }, rewrite: '/b', path: '/a/x', upstream: '/b' },
};

const REFUSED: Readonly<Record<string, Case>> = {
  'dots made by cutting the prefix off': {
    match: prefix('/api'),
    rewrite: '/files/',
    path: '/api../secret',
    upstream: '',
  },
  'a prefix that ends in the middle of a segment': {
    match: prefix('/v1'),
    rewrite: '/',
    path: '/v1admin',
    upstream: '',
  },
  'dots made at the very end': { match: prefix('/api'), rewrite: '/files/', path: '/api..', upstream: '' },
};

function routeOfCase({ match, rewrite }: Case) {
  return routeOf('h', {
    ...(match && { path: match }),
    ...(rewrite && { prefixRewrite: rewrite }),
  });
}

describe('rewritePath', () => {
  test.each(Object.entries(CASES))('%s', (_, it) => {
    expect(rewritePath(routeOfCase(it), normalizePath(it.path))).toBe(it.upstream);
  });

  test.each(Object.entries(REFUSED))('refuses %s', (_, it) => {
    expect(() => rewritePath(routeOfCase(it), normalizePath(it.path))).toThrow(
      expect.objectContaining({ code: 'ERR_REQUEST_MALFORMED', reason: 'path-rewrite' }),
    );
  });
});
