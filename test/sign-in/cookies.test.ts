import { describe, expect, test } from 'vitest';
import { openCookies } from '../../src/sign-in/cookies.ts';
import { SETTINGS } from './support/raise-sign-in.ts';

const ofHost = openCookies(SETTINGS);
const ofDomain = openCookies({ ...SETTINGS, cookieName: 'sso', cookieDomain: 'example.com', sameSite: 'none' });

describe('openCookies', () => {
  test('names those of one host so that no other host can set them', () => {
    expect([ofHost.session, ofHost.browser, ofHost.statePrefix]).toEqual([
      '__Host-_pomerium',
      '__Host-_pomerium_browser',
      '__Host-_pomerium_state_',
    ]);
    expect([ofDomain.session, ofDomain.browser]).toEqual(['sso', '__Host-sso_browser']);
  });

  test('sets and clears the session of a host', () => {
    expect(ofHost.setSession('v', 60)).toEqual([
      ['set-cookie', '__Host-_pomerium=v; Max-Age=60; Path=/; Secure; HttpOnly; SameSite=Lax'],
    ]);
    expect(ofHost.clearSession()).toEqual([
      ['set-cookie', '__Host-_pomerium=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax'],
    ]);
  });

  test('sets that of a domain, and clears what a host has beside it', () => {
    expect(ofDomain.setSession('v', 60)).toEqual([
      ['set-cookie', 'sso=; Max-Age=0; Path=/; Secure; HttpOnly'],
      ['set-cookie', 'sso=v; Max-Age=60; Path=/; Secure; HttpOnly; Domain=example.com; SameSite=None'],
    ]);
  });

  test.each([
    ['_pomerium', true],
    ['__Host-_pomerium', true],
    ['__host-_pomerium', true],
    ['__Secure-_pomerium', true],
    ['__Host-_pomerium_browser', true],
    ['_pomerium_state_AAAAAAAA', true],
    ['_pomerium_theme', false],
    ['x_pomerium', false],
    ['pomerium', false],
    ['', false],
  ])('%s: ours is %j', (name, isOwn) => {
    expect(ofHost.isOwn(name)).toBe(isOwn);
  });
});
