import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { VARIABLES } from '../../src/config/apply-environment.ts';
import {
  BRANDING_KEYS,
  GLOBAL_KEYS,
  HEADER_REWRITE_KEYS,
  REDIRECT_KEYS,
  ROUTE_KEYS,
  TRUSTED_ISSUER_KEYS,
} from '../../src/config/keys.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { writeProblem } from '../../src/errors.ts';
import { problemsOf } from './problems-of.ts';

/** Keys whose values are secrets, or may hold one: credentials in URLs, or the secret itself where its file belongs. */
const PRIVATE =
  /^(?:from|to|.*(?:secret|certificate|signing_key|custom_ca|_key|_url|_file)(?:_key)?|set_request_headers)$/;
const keysOf = (table: object): readonly string[] => Object.keys(table).filter((key) => PRIVATE.test(key));

const secret = fc.stringMatching(/^[A-Za-z0-9+/]{43}=$/);
const pem = (label: string) => (text: string) => `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;
const shape = fc.constantFrom<(text: string) => unknown>(
  (text) => text,
  (text) => `${text} `,
  (text) => [text],
  (text) => [[text]],
  (text) => ({ [text]: text }),
  (text) => ({ 'X-A': text, 'X-B': `$${text}`, 'X-C': `\${${text}}`, 'X-D': `${text}\n` }),
  (text) => ({ 'X-A': { 'X-B': text } }),
  (text) => `https://me:${text}@a.example.com`,
  (text) => `https://a.example.com/${text}?token=${text}#${text}`,
  (text) => `ftp://${text}`,
  pem('PRIVATE KEY'),
  pem('ENCRYPTED PRIVATE KEY'),
  pem('CERTIFICATE'),
  (text) => Buffer.from(pem('EC PRIVATE KEY')(text)).toString('base64'),
);
const read = () => ({ failure: 'no such file' });

const places: Record<string, [keys: readonly string[], write: (key: string, value: unknown) => object]> = {
  'the top level': [keysOf(GLOBAL_KEYS), (key, value) => ({ [key]: value })],
  'a route': [keysOf(ROUTE_KEYS), (key, value) => ({ routes: [{ [key]: value }] })],
  'a trusted issuer': [keysOf(TRUSTED_ISSUER_KEYS), (key, value) => ({ trusted_issuers: [{ [key]: value }] })],
};

test.each(Object.entries(places))('no message quotes what stands in a private key of %s', (_, [keys, write]) => {
  expect(keys.length).toBeGreaterThan(1);
  fc.assert(
    fc.property(fc.constantFrom(...keys), shape, secret, (key, shapeOf, text) => {
      const file = stringify(write(key, shapeOf(text)));
      const problems = problemsOf(() => parseConfig(file, 'b.yaml', { read }));
      expect(problems).not.toEqual([]);
      expect(problems.join('\n')).not.toContain(text.slice(0, 12));
    }),
    { numRuns: 500 },
  );
});

const anyKey = fc.oneof(
  fc.constantFrom(...Object.keys(GLOBAL_KEYS)).map((key) => (value: unknown) => ({ [key]: value })),
  fc.constantFrom(...Object.keys(ROUTE_KEYS)).map((key) => (value: unknown) => ({ routes: [{ [key]: value }] })),
  fc
    .constantFrom(...Object.keys(REDIRECT_KEYS))
    .map((key) => (value: unknown) => ({ routes: [{ redirect: { [key]: value } }] })),
  fc.constantFrom(...Object.keys(BRANDING_KEYS)).map((key) => (value: unknown) => ({ branding: { [key]: value } })),
  fc
    .constantFrom(...Object.keys(HEADER_REWRITE_KEYS))
    .map((key) => (value: unknown) => ({ routes: [{ rewrite_response_headers: [{ [key]: value }] }] })),
  fc
    .constantFrom(...Object.keys(TRUSTED_ISSUER_KEYS))
    .map((key) => (value: unknown) => ({ trusted_issuers: [{ [key]: value }] })),
);

test('no message quotes what looks secret, whatever key it stands in', () => {
  fc.assert(
    fc.property(anyKey, shape, secret, (write, shapeOf, text) => {
      const problems = problemsOf(() => parseConfig(stringify(write(shapeOf(text))), 'b.yaml', { read }));
      expect(problems.join('\n')).not.toContain(text.slice(0, 12));
    }),
    { numRuns: 1000 },
  );
});

/** Too short to look like a secret. */
const password = fc.stringMatching(/^[1-9]{8}$/);
const passwordShape = fc.constantFrom<(text: string) => string>(
  (text) => `user:${text}@host`,
  (text) => `a.example.com/:${text}@`,
  (text) => `ftp://${text}`,
  (text) => `-----BEGIN ${text}`,
);

test('nor a password beside its user, a URL or the beginning of PEM', () => {
  fc.assert(
    fc.property(anyKey, passwordShape, password, (write, shapeOf, text) => {
      const problems = problemsOf(() => parseConfig(stringify(write(shapeOf(text))), 'b.yaml', { read }));
      expect(problems.join('\n')).not.toContain(text);
    }),
    { numRuns: 1000 },
  );
});

const inPlaceOfMap: Record<string, (scalar: unknown) => unknown> = {
  'a configuration': (scalar) => scalar,
  'a configuration, without the space after the colon': (scalar) => `shared_secret:${scalar}`,
  'a route': (scalar) => ({ routes: [scalar] }),
  'a redirect': (redirect) => ({ routes: [{ redirect }] }),
  'a trusted issuer': (scalar) => ({ trusted_issuers: [scalar] }),
  'claims of a route': (scalar) => ({ routes: [{ allowed_idp_claims: scalar }] }),
  'claim headers': (scalar) => ({ jwt_claims_headers: Number(scalar) }),
  headers: (scalar) => ({ set_response_headers: scalar }),
  'a policy': (policy) => ({ routes: [{ policy }] }),
  'a rule': (scalar) => ({ routes: [{ policy: [scalar] }] }),
  'an action': (allow) => ({ routes: [{ policy: { allow } }] }),
  'a criterion': (scalar) => ({ routes: [{ policy: { allow: { or: [scalar] } } }] }),
};
test.each(Object.entries(inPlaceOfMap))('no message quotes a scalar in place of %s', (_, write) => {
  fc.assert(
    fc.property(password, fc.boolean(), (text, isNumber) => {
      const file = stringify(write(isNumber ? Number(text) : `x${text}`));
      const problems = problemsOf(() => parseConfig(file, 'b.yaml', { read }));
      expect(problems).not.toEqual([]);
      expect(problems.join('\n')).not.toContain(text);
    }),
    { numRuns: 20 },
  );
});

test('no message quotes a variable', () => {
  fc.assert(
    fc.property(fc.constantFrom(...VARIABLES.keys()), password, (name, text) => {
      const load = () => parseConfig('routes: []\n', 'b.yaml', { read, environment: { [name]: text } });
      expect(problemsOf(load).join('\n')).not.toContain(text);
    }),
    { numRuns: 300 },
  );
});

test('no message quotes what stands in a private variable', () => {
  const names = [...VARIABLES].filter(([, key]) => PRIVATE.test(key)).map(([name]) => name);
  fc.assert(
    fc.property(fc.constantFrom(...names), shape, secret, (name, shapeOf, text) => {
      const environment = { [name]: String(shapeOf(text)) };
      const load = () => parseConfig('routes: []\n', 'b.yaml', { read, environment });
      expect(problemsOf(load).join('\n')).not.toContain(text.slice(0, 12));
    }),
    { numRuns: 300 },
  );
});

test('nor does a warning', () => {
  fc.assert(
    fc.property(secret, (text) => {
      const route = { from: 'https://a', to: 'https://b', set_request_headers: { Authorization: `Bearer ${text}` } };
      const file = stringify({ insecure_server: true, shared_secret: text, routes: [route] });
      const problems = problemsOf(() => parseConfig(file, 'b.yaml'));
      const written = problems.length > 0 ? problems : parseConfig(file, 'b.yaml').warnings.map(writeProblem);
      expect(written).not.toEqual([]);
      expect(written.join('\n')).not.toContain(text.slice(0, 12));
    }),
  );
});
