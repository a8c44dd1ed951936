import { describe, expect, test } from 'vitest';
import { describePerson } from '../../src/openid/describe-person.ts';

type Payload = Readonly<Record<string, unknown>>;

const ID_TOKEN = { iss: 'https://idp.example', sub: 'alice', aud: 'behalf', exp: 2, iat: 1, email: 'a@x.example' };

describe('the email', () => {
  const cases: Readonly<Record<string, [idToken: Payload, userinfo: Payload, email: string]>> = {
    'counts where nothing is said of it': [{}, {}, 'a@x.example'],
    'counts where it is verified': [{ email_verified: true }, {}, 'a@x.example'],
    'counts where it is verified as text': [{ email_verified: 'true' }, {}, 'a@x.example'],
    'counts where something else is said': [{ email_verified: null }, {}, 'a@x.example'],
    'does not where it is not verified': [{ email_verified: false }, {}, ''],
    'does not where it is not verified as text': [{ email_verified: 'False' }, {}, ''],
    'does not where userinfo says so': [{}, { email_verified: false }, ''],
    'does not where only the token says so': [{ email_verified: false }, { email_verified: true }, ''],
    'is the one of userinfo': [{}, { email: 'new@x.example' }, 'new@x.example'],
    'is not a list': [{}, { email: ['b@x.example'] }, ''],
  };
  for (const [name, [idToken, userinfo, email]] of Object.entries(cases)) {
    test(name, () => {
      const person = describePerson({ ...ID_TOKEN, ...idToken }, userinfo, 'groups');
      expect(person.email).toBe(email);
      if (email === '' && typeof userinfo['email'] !== 'object') expect(person.claims).not.toHaveProperty('email');
    });
  }
});

describe('groups', () => {
  const overage = { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph.example' } } };
  const cases: Readonly<Record<string, [idToken: Payload, userinfo: Payload, claim: string, groups: string[] | null]>> =
    {
      'are those of the token': [{ groups: ['a', 'b'] }, {}, 'groups', ['a', 'b']],
      'are those of userinfo': [{ groups: ['a'] }, { groups: ['b'] }, 'groups', ['b']],
      'are those of another claim': [{ groups: ['a'], roles: ['b'] }, {}, 'roles', ['b']],
      'are those of a claim with a path': [{ realm_access: { roles: ['b'] } }, {}, 'realm_access.roles', ['b']],
      'are those of a claim that is an address': [
        { 'https://x.example/groups': ['b'] },
        {},
        'https://x.example/groups',
        ['b'],
      ],
      'can be one': [{ groups: 'a' }, {}, 'groups', ['a']],
      'are texts': [{ groups: ['a', 1, null, { b: 'c' }] }, {}, 'groups', ['a']],
      'are none where there is no claim': [{}, {}, 'groups', []],
      'are none of what every object has': [{}, {}, 'constructor', []],
      'that are left out are a refusal': [overage, {}, 'groups', null],
      'that are left out otherwise, too': [{ hasgroups: true }, {}, 'groups', null],
      'that are left out of another claim, too': [{ _claim_names: { roles: 'src1' } }, {}, 'roles', null],
      'that are left out of the token may be in userinfo': [overage, { groups: ['a'] }, 'groups', ['a']],
    };
  for (const [name, [idToken, userinfo, claim, groups]] of Object.entries(cases)) {
    test(name, () => {
      const describeIt = () => describePerson({ ...ID_TOKEN, ...idToken }, userinfo, claim);
      if (groups !== null) return expect(describeIt().groups).toEqual(groups);
      expect(describeIt).toThrow(
        expect.objectContaining({
          code: 'ERR_SIGN_IN_FAILED',
          reason: 'groups-overage',
          message: 'the sign-in leaves the groups out (groups overage): have the provider send fewer',
        }),
      );
    });
  }
});

test('what the token says of itself, userinfo does not change', () => {
  const userinfo = { iss: 'x', sub: 'bob', aud: 'x', exp: 9, sid: 'x', nonce: 'x', at_hash: 'x', locale: 'de' };
  const { id, claims } = describePerson({ ...ID_TOKEN, nonce: 'n', at_hash: 'h' }, userinfo, 'groups');
  expect(id).toBe('alice');
  expect(claims).toEqual({
    iss: ['https://idp.example'],
    sub: ['alice'],
    aud: ['behalf'],
    exp: [2],
    iat: [1],
    email: ['a@x.example'],
    locale: ['de'],
  });
});

test('halves of surrogate pairs are made whole', () => {
  const { name } = describePerson({ ...ID_TOKEN, name: 'Al\ud800ice' }, {}, 'groups');
  expect(name).toBe('Al\ufffdice');
});

describe('claims that are none are a refusal', () => {
  const cases: Readonly<Record<string, [idToken: Payload, userinfo: Payload]>> = {
    'without a subject': [{ sub: undefined }, {}],
    'with an empty subject': [{ sub: '' }, {}],
    'with a subject that is no text': [{ sub: 7 }, {}],
    'with half a surrogate pair for a subject': [{ sub: '\ud800' }, {}],
    'with two of one name': [{ a: { b: 1 } }, { 'a.b': 2 }],
    'with a number that is another one': [{}, { employee: 2 ** 53 }],
    'with too many': [{}, Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`c${index}`, index]))],
  };
  for (const [name, [idToken, userinfo]] of Object.entries(cases)) {
    test(name, () => {
      expect(() => describePerson({ ...ID_TOKEN, ...idToken }, userinfo, 'groups')).toThrow(
        expect.objectContaining({ reason: 'id-token', message: 'the sign-in gives no usable claims' }),
      );
    });
  }
});
