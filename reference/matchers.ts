import type { listCriteria } from '../src/compile/criteria.ts';
import type { Schema } from '../src/config/kinds.ts';

export type MatcherName = ReturnType<typeof listCriteria>[number]['matcher'];

export interface Matcher {
  /** As the reference calls it. */
  readonly title: string;
  readonly description: string;
  /** What may stand in place of the operators. */
  readonly short: readonly Schema[];
  readonly operators: Readonly<Record<string, { readonly description: string; readonly schema: Schema }>>;
  /** Operators that have to be there; without any, one of them has. */
  readonly required: readonly string[];
}

const ONE = { type: ['string', 'number', 'boolean', 'null'] };
const BARE = { type: ['string', 'number', 'boolean'] };
const TEXT = { type: 'string' };
const TEXTS = [TEXT, { type: 'array', items: TEXT, minItems: 1 }];
const TIMEZONE = { description: 'An IANA name such as `Europe/Berlin`, or `UTC`.', schema: TEXT };

const STRING: Matcher = {
  title: 'string matcher',
  description:
    'Text, or an object with one or more operators, all of which must hold. Comparison is exact: case counts, nothing is trimmed, `5` is not `"5"`.',
  // Of what is no text the compiler warns where it stands alone, and lets nobody in by it.
  short: [BARE],
  operators: {
    is: { description: 'Equals it. Text alone means this.', schema: TEXT },
    not: { description: 'Differs from it.', schema: TEXT },
    contains: { description: 'Has this part.', schema: TEXT },
    starts_with: { description: 'Begins with it.', schema: TEXT },
    ends_with: { description: 'Ends with it.', schema: TEXT },
    in: { description: 'Is in the list.', schema: { type: 'array', items: TEXT } },
    not_in: { description: 'Is not in the list.', schema: { type: 'array', items: TEXT } },
  },
  required: [],
};

const listOperators = (schema: Schema) => ({
  has: { description: 'One element equals it. A value alone means this.', schema },
  is: { description: 'There is exactly one element, and it equals it.', schema },
  exclude: { description: 'No element equals it, so it holds for an empty list.', schema },
});

const nameMatcher = (description: string) => ({ description, schema: matcherSchema(STRING) });

/** What criteria take. The compiler is the judge (src/compile); this is what editors and readers are told. */
export const MATCHERS: Readonly<Record<MatcherName, Matcher>> = {
  ignored: {
    title: 'anything',
    description: 'What is written there means nothing, as in Pomerium: write `true`.',
    short: [{}],
    operators: {},
    required: [],
  },
  string: STRING,
  string_list: {
    title: 'list matcher',
    description: 'Text, or an object with one or more operators, all of which must hold. Comparison is exact.',
    short: [TEXT],
    operators: listOperators(TEXT),
    required: [],
  },
  claim: {
    title: 'claim matcher',
    description:
      'As a list matcher, but a value may be a number or a boolean too, or null behind an operator: `5` is not `"5"`.',
    short: [BARE],
    operators: listOperators(ONE),
    required: [],
  },
  addresses: {
    title: 'addresses',
    description: 'An IP address, a range such as `10.0.0.0/8`, or a list of them, of which one must hold.',
    short: TEXTS,
    operators: {},
    required: [],
  },
  certificate: {
    title: 'certificate matcher',
    description: 'An object with one or more facts of the client certificate, all of which must hold.',
    short: [],
    operators: {
      fingerprint: {
        description: 'SHA-256 of the certificate, as `openssl` prints it, or a list of which one must hold.',
        schema: { anyOf: TEXTS },
      },
      spki_hash: {
        description: "SHA-256 of the public key's DER in base64, or a list of which one must hold.",
        schema: { anyOf: TEXTS },
      },
      san_dns: nameMatcher('One of its DNS names: a string matcher.'),
      san_email: nameMatcher('One of its email addresses: a string matcher.'),
      san_uri: nameMatcher('One of its URIs: a string matcher.'),
    },
    required: [],
  },
  date: {
    title: 'dates',
    description:
      'An object with `after`, `before` or both: dates such as `2030-01-31` or `2030-01-31T18:00:00`, perhaps with an offset.',
    short: [],
    operators: {
      after: { description: 'Later than this.', schema: TEXT },
      before: { description: 'Earlier than this.', schema: TEXT },
      timezone: { description: `Of dates without an offset. ${TIMEZONE.description} Default: \`UTC\`.`, schema: TEXT },
    },
    required: [],
  },
  day_of_week: {
    title: 'days of the week',
    description: 'Days such as `mon-fri`, `sat,sun` or `*`, or an object. A range may go over the end of the week.',
    short: [TEXT],
    operators: {
      is: { description: 'The days.', schema: TEXT },
      timezone: { description: `${TIMEZONE.description} Default: \`UTC\`.`, schema: TEXT },
    },
    required: ['is'],
  },
  time_of_day: {
    title: 'times of day',
    description:
      'An object with `timezone` and with `after`, `before` or both: times such as `17:00`, `17:00:30` or `5:00 PM`. Where `after` is the later of the two, the range goes over midnight.',
    short: [],
    operators: {
      after: { description: 'Later than this.', schema: TEXT },
      before: { description: 'Earlier than this.', schema: TEXT },
      timezone: { description: `${TIMEZONE.description} Required.`, schema: TEXT },
    },
    required: ['timezone'],
  },
};

/** The data of a criterion that takes the matcher, as JSON Schema. */
export function matcherSchema({ short, operators, required }: Matcher): Schema {
  const names = Object.keys(operators);
  if (names.length === 0 && short.length === 1) return short[0] ?? {};
  const object = {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(operators).map(([name, { description, schema }]) => [name, { description, ...schema }]),
    ),
    additionalProperties: false,
    ...(required.length === 0 ? { minProperties: 1 } : { required }),
  };
  return { anyOf: names.length === 0 ? short : [...short, object] };
}
