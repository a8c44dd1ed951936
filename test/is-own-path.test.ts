import { expect, test } from 'vitest';
import { isOwnPath } from '../src/is-own-path.ts';

const OWN = [
  '/ping',
  '/healthz',
  '/.pomerium',
  '/.pomerium/',
  '/.pomerium/a/b',
  '/.pomerium/\u2028',
  '/.well-known/pomerium',
  '/.well-known/pomerium/\u2029a',
];
const OTHERS = [
  '/',
  '/ping/',
  '/pings',
  '/healthz/x',
  '/.pomeriums',
  '/a/.pomerium',
  '/.well-known/pomeriums',
  '/.well-known/x',
];

test.each(OWN)("%j is the proxy's own", (path) => {
  expect(isOwnPath(path)).toBe(true);
});

test.each(OTHERS)("%j is a route's", (path) => {
  expect(isOwnPath(path)).toBe(false);
});
