import { describe, expect, test } from 'vitest';
import { findProviderTokenKind, type ProviderTokenKind } from '../../src/identity/find-provider-token-kind.ts';

const CASES: Record<string, [header: object, payload: object, kind: ProviderTokenKind]> = {
  'nothing that tells': [{}, { sub: 'alice', aud: 'x' }, 'either'],
  'typ JWT': [{ typ: 'JWT' }, {}, 'either'],
  'typ jwt': [{ typ: 'jwt' }, {}, 'either'],
  'typ at+jwt': [{ typ: 'at+jwt' }, {}, 'access'],
  'typ application/at+jwt': [{ typ: 'application/at+jwt' }, {}, 'access'],
  'typ in capitals': [{ typ: 'AT+JWT' }, {}, 'access'],
  'typ at+jwt, and a nonce (Keycloak before 25)': [{ typ: 'at+jwt' }, { nonce: 'n' }, 'access'],
  'typ logout+jwt': [{ typ: 'logout+jwt' }, {}, 'other'],
  'typ dpop+jwt': [{ typ: 'dpop+jwt' }, {}, 'other'],
  'an empty typ': [{ typ: '' }, {}, 'other'],
  'typ null': [{ typ: null }, {}, 'other'],
  'typ in a list': [{ typ: ['JWT'] }, {}, 'other'],
  'typ of a prototype': [{ typ: '__proto__' }, {}, 'other'],

  'a nonce': [{ typ: 'JWT' }, { nonce: 'n' }, 'identity'],
  at_hash: [{}, { at_hash: 'x' }, 'identity'],
  c_hash: [{}, { c_hash: 'x' }, 'identity'],
  'a nonce, and a scope (FusionAuth)': [{}, { nonce: 'n', scope: 'openid' }, 'identity'],
  scope: [{ typ: 'JWT' }, { scope: 'openid' }, 'access'],
  'scp (Entra ID, Okta)': [{}, { scp: ['read'] }, 'access'],
  client_id: [{}, { client_id: 'x' }, 'access'],
  'appid (Entra ID 1.0)': [{ typ: 'JWT' }, { appid: 'x' }, 'access'],
  'appidacr (Entra ID 1.0)': [{}, { appidacr: '1' }, 'access'],
  'azpacr (Entra ID 2.0)': [{}, { azp: 'x', azpacr: '1' }, 'access'],
  'idtyp (Entra ID)': [{}, { idtyp: 'user' }, 'access'],
  'gty (Auth0)': [{}, { gty: 'password' }, 'access'],
  'azp alone, which identity tokens have too': [{}, { azp: 'x' }, 'either'],

  "Keycloak's identity token": [{ typ: 'JWT' }, { typ: 'ID', nonce: 'n' }, 'identity'],
  "Keycloak's access token": [{ typ: 'JWT' }, { typ: 'Bearer', nonce: 'n', scope: 'openid' }, 'access'],
  "Keycloak's logout token": [{ typ: 'JWT' }, { typ: 'Logout' }, 'other'],
  "Keycloak's refresh token": [{ typ: 'JWT' }, { typ: 'Refresh' }, 'other'],
  "Cognito's identity token": [{}, { token_use: 'id' }, 'identity'],
  "Cognito's access token": [{}, { token_use: 'access', scope: 'openid' }, 'access'],
  'typ at+jwt of what calls itself an identity token': [{ typ: 'at+jwt' }, { typ: 'ID' }, 'other'],

  events: [{}, { events: {} }, 'other'],
  'events in an access token': [{ typ: 'at+jwt' }, { events: null }, 'other'],
  'cnf: bound to a key that a Bearer does not prove': [{ typ: 'at+jwt' }, { cnf: { jkt: 'x' } }, 'other'],
};

describe('findProviderTokenKind', () => {
  test.each(Object.entries(CASES))('%s', (_, [header, payload, kind]) => {
    expect(findProviderTokenKind({ header: { ...header }, payload: { ...payload } })).toBe(kind);
  });
});
