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
  '/',
  '/a',
  '/é"}',
  '5',
];
const text = fc.constantFrom(...texts);
const scalar = fc.oneof(text, fc.constantFrom<string | number | boolean | null>(5, 0.5, -1, true, false, null));
const claimNames = ['role', 'a.b', 'example.com/key', '"]) # \n}', '__proto__'];

const atLeastOne = <T extends object>(operators: fc.Arbitrary<T>) =>
  operators.filter((operator) => Object.keys(operator).length > 0);
const stringMatcherOf = (text: fc.Arbitrary<string>) =>
  atLeastOne(
    fc.record(
      {
        is: text,
        not: text,
        contains: text,
        starts_with: text,
        ends_with: text,
        in: fc.array(text, { maxLength: 3 }),
        not_in: fc.array(text, { maxLength: 3 }),
      },
      { requiredKeys: [] },
    ),
  );
const listMatcherOf = (element: fc.Arbitrary<unknown>) =>
  atLeastOne(fc.record({ has: element, is: element, exclude: element }, { requiredKeys: [] }));

// Text that is never there is refused in a deny.
const only = (isEver: (text: string) => boolean) => fc.constantFrom(...texts.filter(isEver));
const domain = only((text) => !text.includes('@'));
const textNames: Readonly<Record<string, fc.Arbitrary<string>>> = {
  user: text,
  email: text,
  domain,
  http_method: only((text) => !/[a-z]/.test(text)),
  http_path: only((text) => text.startsWith('/')),
  'original_user/email': text,
  'original_user/domain': domain,
  'original_user/user': text,
  'original_user/issuer': text,
};
const groupNames = ['groups', 'original_user/groups'];
const claimKeys = claimNames.flatMap((name) => [`claim/${name}`, `original_user/claim/${name}`]);
const ignoringNames = [
  'accept',
  'reject',
  'authenticated_user',
  'cors_preflight',
  'invalid_client_certificate',
  'original_user',
];

const types = fc.constantFrom('user', 'service_account');
const range = fc.constantFrom('10.0.0.0/8', '10.1.2.3', '::ffff:10.1.0.0/112', '192.0.2.1/31', '2001:db8::/33');
const SPKI_HASH = `${'A'.repeat(43)}=`;
const FINGERPRINTS = ['ab'.repeat(32), 'cd'.repeat(32)];
const nameMatcher = fc.oneof(text, stringMatcherOf(text), fc.record({ not: text }));
const certificateMatcher = fc.oneof(
  fc.record({ fingerprint: fc.subarray(FINGERPRINTS, { minLength: 1 }) }),
  fc.record({ spki_hash: fc.constant(SPKI_HASH) }),
  fc.record({ san_dns: nameMatcher }),
  fc.record({ san_email: nameMatcher, san_uri: nameMatcher }),
  fc.record({ fingerprint: fc.constantFrom(...FINGERPRINTS), san_uri: nameMatcher }),
);
const timezone = fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata');
const bounds = (first: string, second: string) =>
  fc.constantFrom({ after: first }, { before: first }, { after: first, before: second }, { after: second });
const days = fc.constantFrom('*', 'mon', 'tue-thu', 'fri-tue', 'Sunday,wed');
const ownForm: fc.Arbitrary<[string, unknown]> = fc.oneof(
  fc.tuple(fc.constantFrom('caller_type', 'original_user/type'), fc.oneof(types, fc.record({ not: types }))),
  fc.tuple(fc.constant('source_ip'), fc.oneof(range, fc.array(range, { minLength: 1, maxLength: 2 }))),
  fc.tuple(fc.constant('client_certificate'), certificateMatcher),
  fc.tuple(
    fc.constant('date'),
    fc
      .tuple(bounds('2023-11-14T10:00:00', '2023-11-15'), fc.option(timezone))
      .map(([bounds, timezone]) => (timezone === null ? bounds : { ...bounds, timezone })),
  ),
  fc.tuple(fc.constant('day_of_week'), fc.oneof(days, fc.record({ is: days, timezone }))),
  fc.tuple(
    fc.constant('time_of_day'),
    fc
      .tuple(fc.oneof(bounds('9:00', '5:30 PM'), fc.constant({ after: '22:00', before: '6AM' })), timezone)
      .map(([bounds, timezone]) => ({ ...bounds, timezone })),
  ),
);
const criterion: fc.Arbitrary<Criterion> = fc
  .oneof(
    { weight: 9, arbitrary: fc.tuple(fc.constantFrom(...ignoringNames), scalar) },
    ...Object.entries(textNames).map(([name, text]) => ({
      weight: 3,
      arbitrary: fc.tuple(fc.constant(name), fc.oneof(text, stringMatcherOf(text))),
    })),
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...groupNames), fc.oneof(text, listMatcherOf(text))) },
    {
      weight: 15,
      arbitrary: fc.tuple(fc.constantFrom(...claimKeys), fc.oneof(text, listMatcherOf(scalar))),
    },
    { weight: 27, arbitrary: ownForm },
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
export const policy: fc.Arbitrary<Policy> = fc.record({
  rules: fc.array(rule, { maxLength: 3 }),
  rego: fc.constant([]),
});

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
const certificate: fc.Arbitrary<ClientCertificate> = fc.record({
  valid: fc.boolean(),
  fingerprint: fc.constantFrom(...FINGERPRINTS),
  spki_hash: fc.constantFrom(SPKI_HASH, ''),
  san_dns: list,
  san_email: list,
  san_uri: list,
});
/** Around the bounds of dates, days and times, in whole milliseconds as a proxy has them. */
const time_ns = fc
  .tuple(
    fc.constantFrom('2023-11-14T10:00:00Z', '2023-11-18T03:30:00Z', '2024-07-01T21:30:00Z'),
    fc.integer({ min: -1, max: 1 }),
  )
  .map(([time, milliseconds]) => (Date.parse(time) + milliseconds) * 1e6);

/** What `inputOf` makes an input document of. */
export const facts = fc.record({
  request: fc.record({
    method: fc.constantFrom('GET', 'OPTIONS', 'a'),
    path: text,
    headers: fc.record({ origin: list, 'access-control-request-method': list }, { requiredKeys: [] }),
    ip: fc.constantFrom('10.1.2.3', '10.1.0.9', '192.0.2.0', '192.0.2.2', '2001:db8::1', '2001:db8:8000::', ''),
    client_certificate: fc.option(certificate),
  }),
  caller: fc.option(fc.record(person)),
  original_user: fc.option(fc.record({ ...person, issuer: text })),
  original_user_error: fc.constantFrom(null, null, 'signature' as const),
  time_ns,
});
