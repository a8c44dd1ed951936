import * as fc from 'fast-check';
import type { Criterion, Policy } from '../../src/config/config.ts';
import type { ClientCertificate } from '../../src/engine/documents.ts';
import { locate, NOWHERE } from './config-of.ts';

// Small pools, so that policies and requests often meet.
const texts = [
  '',
  'a',
  'b',
  'a@x.com',
  'b@x.com',
  'a@y.org',
  '@x.com',
  'a@',
  'a@x.com@y.org',
  'x.com',
  'é\u0000"}',
  'GET',
  '/a',
  '5',
];
const text = fc.constantFrom(...texts);
const scalar = fc.oneof(text, fc.constantFrom<string | number | boolean | null>(5, 0.5, -1, true, false, null));
const claimNames = ['role', 'a.b', 'example.com/key', '"]) # \n}', '__proto__'];

const atLeastOne = <T extends object>(operators: fc.Arbitrary<T>) =>
  operators.filter((operator) => Object.keys(operator).length > 0);
const stringMatcher = atLeastOne(
  fc.record(
    {
      is: scalar,
      not: scalar,
      contains: text,
      starts_with: text,
      ends_with: text,
      in: fc.array(scalar, { maxLength: 3 }),
      not_in: fc.array(scalar, { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
);
const listMatcher = atLeastOne(fc.record({ has: scalar, is: scalar, exclude: scalar }, { requiredKeys: [] }));

const textNames = [
  'user',
  'email',
  'domain',
  'http_method',
  'http_path',
  'original_user/email',
  'original_user/domain',
  'original_user/user',
];
const listNames = ['groups', ...claimNames.map((name) => `claim/${name}`)];
const ignoringNames = ['accept', 'reject', 'authenticated_user', 'cors_preflight', 'invalid_client_certificate'];
const criterion: fc.Arbitrary<Criterion> = fc
  .oneof(
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...ignoringNames), scalar) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...textNames), fc.oneof(text, stringMatcher)) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...listNames), fc.oneof(text, listMatcher)) },
  )
  .map(([key, data]) => {
    const [name = '', ...rest] = key.split('/');
    const subpath = rest.length === 0 ? null : rest.join('/');
    return { name, subpath, data: locate(data), position: NOWHERE };
  });
const block = fc.record({
  operator: fc.constantFrom('and' as const, 'or' as const, 'not' as const, 'nor' as const),
  criteria: fc.array(criterion, { maxLength: 3 }),
  position: fc.constant(NOWHERE),
});
const rule = fc.record({
  action: fc.constantFrom('allow' as const, 'deny' as const),
  blocks: fc.array(block, { maxLength: 3 }),
  position: fc.constant(NOWHERE),
});
/** A policy out of all criteria. */
export const policy: fc.Arbitrary<Policy> = fc.record({ rules: fc.array(rule, { maxLength: 3 }) });

const list = fc.array(text, { maxLength: 2 });
const person = {
  type: fc.constantFrom('user' as const, 'service_account' as const),
  id: text,
  email: text,
  groups: list,
  claims: fc
    .array(fc.tuple(fc.constantFrom(...claimNames), fc.array(scalar, { maxLength: 2 })), { maxLength: 3 })
    .map(Object.fromEntries),
};
const certificateOf = (valid: boolean): ClientCertificate => ({
  valid,
  fingerprint: '',
  spki_hash: '',
  san_dns: [],
  san_email: [],
  san_uri: [],
});

/** What `inputOf` makes an input document of. */
export const facts = fc.record({
  request: fc.record({
    method: fc.constantFrom('GET', 'OPTIONS', 'a'),
    path: text,
    headers: fc.record({ origin: list, 'access-control-request-method': list }, { requiredKeys: [] }),
    client_certificate: fc.option(fc.boolean().map(certificateOf)),
  }),
  caller: fc.option(fc.record(person)),
  original_user: fc.option(fc.record(person)),
  original_user_error: fc.constantFrom(null, null, 'signature' as const),
});
