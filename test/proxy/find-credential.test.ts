import { describe, expect, test } from 'vitest';
import { findCredential } from '../../src/proxy/find-credential.ts';
import { readHeaders } from '../../src/proxy/read-headers.ts';
import { isReservedName } from '../../src/reserved-names.ts';
import { openCookies } from '../../src/sign-in/cookies.ts';
import { configOf } from '../compile/config-of.ts';

const cookies = openCookies(configOf({}).session);

const find = (lines: readonly string[]) =>
  findCredential(
    readHeaders(
      lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      isReservedName,
    ),
    (token) => (token.startsWith('idp.') ? 'provider_token' : token.startsWith('sa.') ? 'service_account' : null),
    cookies,
  );

type Found = readonly [kind: 'service_account' | 'provider_token', token: string] | null;

const FOUND: Readonly<Record<string, readonly [lines: readonly string[], found: Found, passedOn: readonly string[]]>> =
  {
    nothing: [[], null, []],
    'Bearer Pomerium-': [['Authorization: Bearer Pomerium-a.b.c'], ['service_account', 'a.b.c'], []],
    Pomerium: [['Authorization: Pomerium a.b.c'], ['service_account', 'a.b.c'], []],
    'X-Pomerium-Authorization': [['X-Pomerium-Authorization: a.b.c'], ['service_account', 'a.b.c'], []],
    'our forms in any case': [['Authorization: bEARER pOMERIUM-a.b.c'], ['service_account', 'a.b.c'], []],
    'our scheme in any case': [['Authorization: POMERIUM a.b.c'], ['service_account', 'a.b.c'], []],
    'several spaces': [['Authorization: Bearer \t Pomerium-a.b.c'], ['service_account', 'a.b.c'], []],
    'a token of the provider': [['Authorization: Bearer idp.b.c'], ['provider_token', 'idp.b.c'], []],
    'a token of the provider, scheme in any case': [
      ['Authorization: BEARER idp.b.c'],
      ['provider_token', 'idp.b.c'],
      [],
    ],
    'any other Bearer is the upstream’s': [['Authorization: Bearer opaque'], null, ['authorization: Bearer opaque']],
    'Basic is the upstream’s': [['Authorization: Basic eDp5'], null, ['authorization: Basic eDp5']],
    'a foreign token that begins alike': [
      ['Authorization: Bearer Pomeriumx'],
      null,
      ['authorization: Bearer Pomeriumx'],
    ],
    'ours beside the upstream’s': [
      ['X-Pomerium-Authorization: a.b.c', 'Authorization: Bearer opaque'],
      ['service_account', 'a.b.c'],
      ['authorization: Bearer opaque'],
    ],
    'other spellings are not read': [['X_Pomerium_Authorization: a.b.c'], null, []],
    'the session cookie is taken off': [['Cookie: a=1; _pomerium=s; b=2'], null, ['cookie: a=1; b=2']],
    'a session cookie alone': [['Cookie: _pomerium=s'], null, []],
    'a session cookie without a value': [['Cookie: _pomerium; a=1'], null, ['cookie: a=1']],
    'two session cookies': [['Cookie: _pomerium=s;_pomerium = t; a=1'], null, ['cookie: a=1']],
    'every cookie of ours is taken off': [
      [
        'Cookie: __Host-_pomerium=s; a=1; __Host-_pomerium_browser=b',
        'Cookie: __Host-_pomerium_state_x1=s; __Secure-_pomerium=t',
      ],
      null,
      ['cookie: a=1'],
    ],
    'cookies that look alike': [['Cookie: my_pomerium=s; _pomerium2=t'], null, ['cookie: my_pomerium=s; _pomerium2=t']],
  };

const REFUSED: Readonly<Record<string, readonly [lines: readonly string[], code: string]>> = {
  'two of ours': [['Authorization: Pomerium a', 'X-Pomerium-Authorization: a'], 'ERR_CREDENTIAL_AMBIGUOUS'],
  'ours and the provider’s': [
    ['Authorization: Bearer idp.b', 'X-Pomerium-Authorization: a'],
    'ERR_CREDENTIAL_AMBIGUOUS',
  ],
  'X-Pomerium-Authorization twice': [
    ['X-Pomerium-Authorization: a', 'X-Pomerium-Authorization: a'],
    'ERR_CREDENTIAL_AMBIGUOUS',
  ],
  'Authorization twice': [['Authorization: Basic eDp5', 'Authorization: Basic eDp5'], 'ERR_CREDENTIAL_AMBIGUOUS'],
  'an empty one': [['X-Pomerium-Authorization: '], 'ERR_CREDENTIAL_INVALID'],
  'two joined by a comma': [['Authorization: Bearer Pomerium-a, Bearer opaque'], 'ERR_CREDENTIAL_INVALID'],
  'our scheme without a token': [['Authorization: Pomerium'], 'ERR_CREDENTIAL_INVALID'],
  'our prefix without a token': [['Authorization: Bearer Pomerium-'], 'ERR_CREDENTIAL_INVALID'],
  'our prefix as a scheme': [['Authorization: Pomerium-a.b.c'], 'ERR_CREDENTIAL_INVALID'],
  'a token of the provider with more behind it': [['Authorization: Bearer idp.b.c='], 'ERR_CREDENTIAL_INVALID'],
  'a token of the provider, then another': [['Authorization: Bearer idp.b.c, x'], 'ERR_CREDENTIAL_INVALID'],
  'a service account’s without our prefix': [['Authorization: Bearer sa.b.c'], 'ERR_CREDENTIAL_INVALID'],
  'our scheme as a bearer': [['Authorization: Bearer Pomerium a.b.c'], 'ERR_CREDENTIAL_INVALID'],
};

describe('findCredential', () => {
  test.each(Object.entries(FOUND))('%s', (_, [lines, found, passedOn]) => {
    const { credential, headers } = find(lines);
    expect(credential && [credential.kind, credential.token]).toEqual(found);
    expect(headers.map(([name, value]) => `${name}: ${value}`)).toEqual(passedOn);
  });

  test.each(Object.entries(REFUSED))('refuses %s', (_, [lines, code]) => {
    expect(() => find(lines)).toThrow(expect.objectContaining({ code }));
  });
});
