import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import {
  BRANDING_KEYS,
  GLOBAL_KEYS,
  HEADER_REWRITE_KEYS,
  REDIRECT_KEYS,
  ROUTE_KEYS,
  TRUSTED_ISSUER_KEYS,
} from '../../src/config/keys.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { BehalfError } from '../../src/errors.ts';

const FRAGMENTS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ': ',
    ':',
    '- ',
    '\n',
    '\n  ',
    '\n    ',
    '\r\n',
    '\t',
    ' ',
    '#',
    '"',
    "'",
    '|',
    '>',
    '\\',
  ],
  ...[
    '&a ',
    '*a',
    '<<: *a',
    '!t ',
    '!!str ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '? ',
    '~',
    '.nan',
    '\uFEFF',
    '\u0000',
    '😀',
  ],
  ...[
    'true',
    '1',
    'https://a',
    'allow',
    'or',
    'domain',
    'insecure_server: true\n',
    'routes:\n',
    'from: ',
    'to: ',
    'policy: ',
  ],
];

/** A value such as a user may give to a key, or any other. */
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(true, 'no', '', '/a', '30s', 0, 'https://a', 'http://[', ':80', 'oidc', '(', null, [], {}),
  fc.constant([{ allow: { or: [{ 'claim/a': { has: 'x' } }] }, deny: { nor: [{ user: 1 }] } }]),
  fc.jsonValue({ maxDepth: 2 }),
);
const some = (keys: object, rest: object): fc.Arbitrary<object> =>
  fc.record({ ...Object.fromEntries(Object.keys(keys).map((key) => [key, value])), ...rest }, { requiredKeys: [] });
const route = {
  from: fc.constant('https://a'),
  to: fc.constant('http://b'),
  redirect: some(REDIRECT_KEYS, {}),
  rewrite_response_headers: fc.array(some(HEADER_REWRITE_KEYS, {}), { maxLength: 2 }),
};
const routes = fc.array(some(ROUTE_KEYS, route), { maxLength: 3 });
const trusted_issuers = fc.array(some(TRUSTED_ISSUER_KEYS, {}), { maxLength: 2 });
const branding = some(BRANDING_KEYS, {});
const globals = { insecure_server: fc.constant(true), routes, trusted_issuers, branding };
const configuration = some(GLOBAL_KEYS, globals).map((tree) => stringify(tree));

const texts: Record<string, fc.Arbitrary<string>> = {
  'any text': fc.string({ unit: 'binary', maxLength: 300 }),
  'fragments of YAML': fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 40 }).map((parts) => parts.join('')),
  'a configuration with any values': configuration,
  'a configuration cut short': fc.tuple(configuration, fc.nat(500)).map(([text, length]) => text.slice(0, length)),
};

const read = () => ({ failure: 'nothing is read here' });

test.each(Object.entries(texts))('%s is a configuration, or has problems that lie within it', (_, arbitrary) => {
  fc.assert(
    fc.property(arbitrary, (text) => {
      const lines = text.replace(/^\uFEFF/, '').split('\n');
      try {
        expect(parseConfig(text, 'b.yaml', { read }).config.file).toBe('b.yaml');
      } catch (error) {
        if (!(error instanceof BehalfError) || error.code !== 'ERR_CONFIG_INVALID') throw error;
        expect(error.problems.some(({ severity }) => severity === 'error')).toBe(true);
        for (const { position } of error.problems) {
          const { line, column } = position;
          expect(line, text).toBeGreaterThanOrEqual(1);
          expect(column, text).toBeGreaterThanOrEqual(1);
          expect(column, text).toBeLessThanOrEqual((lines[line - 1]?.length ?? -1) + 1);
        }
      }
    }),
    { numRuns: 200 },
  );
});
