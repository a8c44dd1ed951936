import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { MATCHERS as REFERENCE } from '../../reference/matchers.ts';
import { listCriteria, writeCriterion } from '../../src/compile/criteria.ts';
import { MATCHERS } from '../../src/compile/write-matcher.ts';
import type { Located } from '../../src/config/config.ts';
import { LEVELS, type LevelOfKeys } from '../../src/config/levels.ts';
import { parseYaml } from '../../src/config/parse-yaml.ts';
import { collectProblems, type Problems } from '../../src/config/problems.ts';

const ROOT = join(import.meta.dirname, '../..');
const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'schema/behalf.schema.json'), 'utf8'));
const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema(SCHEMA, 'config');

const readYaml = (text: string): unknown => parse(text, { merge: true });

function validate(reference: string, value: unknown): readonly string[] {
  const check = ajv.getSchema(`config${reference}`);
  if (check === undefined) throw new Error(`there is no ${reference}`);
  check(value);
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('takes what the loader takes', () => {
  test.each(['docs/scenario.yaml', 'test/config/full.yaml'])('%s', (path) => {
    expect(validate('', readYaml(readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
  });

  const pages = [
    'README.md',
    ...['configuration', 'policy', 'security', 'verify', 'editors'].map((name) => `docs/${name}.md`),
  ];
  const examples = pages.flatMap((page) =>
    [...readFileSync(join(ROOT, page), 'utf8').matchAll(/```yaml\n(.*?)```/gs)].map(([, text = ''], at) => ({
      name: `${page}, example ${at + 1}`,
      text,
    })),
  );
  test.each(examples)('$name', ({ text }) => {
    const example = readYaml(text);
    // A policy that stands alone is one of a route.
    const isPolicy = typeof example === 'object' && example !== null && 'policy' in example && !('from' in example);
    const isRoutes = isPolicy && JSON.stringify(example).includes('"from"');
    const config =
      isPolicy && !isRoutes ? { routes: [{ from: 'https://a.example', to: 'http://b', ...example }] } : example;
    expect(validate('', config)).toEqual([]);
  });
});

/** Values of every shape, and some that one kind or another takes. */
const SAMPLES = [
  ...[
    'true',
    '1',
    '0',
    '443',
    '301',
    '~',
    '""',
    '[]',
    '{}',
    '[[]]',
    '{"": []}',
    '1.5',
    'x',
    'X-Team',
    '/',
    ':443',
    'hostOnly',
  ],
  ...[
    '30s',
    '1.5h',
    '10m',
    '64MiB',
    'oidc',
    'OIDC',
    'verified',
    'uri',
    'https',
    'https://a.example.com',
    '[https://a.example.com]',
  ],
  ...[
    '{a: b}',
    '{a: 1}',
    '{disable: true}',
    '{a: [b, 5], c: {d: e}}',
    '[a, b]',
    '[a.example.com]',
    '[{}]',
    'a b',
    '"0"',
  ],
  ...[
    '{is: a}',
    '{has: 5}',
    '{in: [a, ~]}',
    '{not: ~}',
    '{starts_with: a}',
    '10.0.0.0/8',
    '[10.0.0.1, "::1"]',
    'mon-fri',
    '{is: sat}',
  ],
  ...[
    '{after: 2030-01-31}',
    '{after: "17:00", timezone: UTC}',
    '{san_dns: a}',
    '{san_dns: {ends_with: .a}}',
    'user',
    '{is: user}',
  ],
  ...[`{fingerprint: ${'a'.repeat(64)}}`, `{fingerprint: [${'a'.repeat(64)}]}`, '{is: mon, timezone: Europe/Berlin}'],
];

function locate(text: string): Located {
  const tree = parseYaml(text, 'sample.yaml', collectProblems());
  if (tree === undefined) throw new Error(`no YAML: ${text}`);
  return tree;
}

/** Whether `parse` takes a sample, and says nothing of an error. */
function takes(parse: (value: Located, problems: Problems) => unknown, text: string): boolean {
  const problems = collectProblems();
  const value = parse(locate(text), problems);
  try {
    problems.finish(value);
    return value !== undefined;
  } catch {
    return false;
  }
}

const read = () => ({ failure: 'not here' }) as const;

describe.each(Object.entries<LevelOfKeys>(LEVELS))('a key of level "%s"', (level, { keys }) => {
  const place = level === 'global' ? '#' : `#/definitions/${level}`;
  test.each(Object.entries(keys))(
    '"%s" takes no less in the schema than in the loader, and not everything',
    (key, kind) => {
      const isValid = (text: string) => validate(`${place}/properties/${key}`, readYaml(text)).length === 0;
      const parsed = SAMPLES.filter((text) =>
        takes((value, problems) => kind.parse(value, { problems, subject: key, folder: '/', read }), text),
      );
      // Such kinds leave what they hold, or all of it, to a later reader.
      const isLater = parsed.length === SAMPLES.length || JSON.stringify(kind.schema).includes('$ref');
      if (!isLater) expect(parsed.filter((text) => !isValid(text))).toEqual([]);
      expect(SAMPLES.filter((text) => !isValid(text))).not.toEqual([]);
    },
  );
});

describe('a criterion', () => {
  test.each(listCriteria())('"$key" takes no less in the schema than in the compiler', ({ key, matcher }) => {
    const [name = '', ...rest] = key.split('/');
    const subpath = rest.length === 0 ? null : rest.join('/');
    const isValid = (text: string) => validate('#/definitions/criterion', { [key]: readYaml(text) }).length === 0;
    const written = SAMPLES.filter((text) =>
      takes((data, problems) => writeCriterion({ name, subpath, data, position: data.position }, problems), text),
    );
    expect(written).not.toEqual([]);
    expect(written.filter((text) => !isValid(text))).toEqual([]);
    const refused = SAMPLES.filter((text) => !isValid(text));
    if (matcher === 'ignored') expect(refused).toEqual([]);
    else expect(refused).toEqual(expect.arrayContaining(['[[]]', '{}', '{"": []}']));
  });

  test.each(Object.entries(MATCHERS))(
    'the operators of a %s matcher are those of the compiler',
    (name, { operators }) => {
      expect(Object.keys(REFERENCE[name as keyof typeof MATCHERS].operators)).toEqual([...operators.keys()]);
    },
  );
});

const route = (text: string) => `routes: [{from: https://a.example, to: http://b, ${text}}]`;
const policy = (text: string) => route(`policy: {allow: ${text}}`);

describe('refuses what can be told', () => {
  const cases: Record<string, readonly [wrong: string, right: string]> = {
    'no map': ['[]', '{}'],
    'an unknown key': ['adress: :443', 'address: :443'],
    'a key of another level': ['prefix: /', route('prefix: /')],
    "a key of Pomerium's": ['autocert: true', 'cookie_secret: x'],
    'text for a boolean': ['insecure_server: yes please', 'insecure_server: true'],
    'a duration without a unit': ['default_upstream_timeout: 30', 'default_upstream_timeout: 30s'],
    'a name that is none of them': ['idp_provider: github', 'idp_provider: OIDC'],
    'an empty list': ['idp_access_token_allowed_audiences: []', 'idp_access_token_allowed_audiences: [a]'],
    'a key and its file': ['{shared_secret: x, shared_secret_file: y}', '{shared_secret_file: y}'],
    'a route without from': ['routes: [{to: http://b}]', route('')],
    'a route without to': ['routes: [{from: https://a.example}]', 'routes: [{from: https://a.example, redirect: {}}]'],
    'a route with to and redirect': [route('redirect: {}'), route('')],
    'two paths': [route('prefix: /, path: /a'), route('path: /a')],
    'a path without a slash': [route('prefix: a'), route('prefix: /a')],
    'a status that is none': [
      'routes: [{from: https://a.example, redirect: {response_code: 300}}]',
      'routes: [{from: https://a.example, redirect: {response_code: 302}}]',
    ],
    'a port that is none': [
      'routes: [{from: https://a.example, redirect: {port_redirect: 65536}}]',
      'routes: [{from: https://a.example, redirect: {port_redirect: 65535}}]',
    ],
    'a trusted issuer without keys': [
      'trusted_issuers: [{issuer: a, audiences: [b], domains: [c]}]',
      'trusted_issuers: [{issuer: a, audiences: [b], domains: [c], jwks_file: d}]',
    ],
    'an unknown action': [route('policy: {permit: {}}'), route('policy: {deny: {}}')],
    'an unknown operator': [policy('{xor: []}'), policy('{nor: []}')],
    'criteria that are no list': [policy('{or: {accept: true}}'), policy('{or: [accept: true]}')],
    'an unknown criterion': [policy('{or: [emial: a]}'), policy('{or: [email: a]}')],
    'two criteria in one': [policy('{or: [{email: a, user: b}]}'), policy('{or: [{email: a}, {user: b}]}')],
    'no criterion': [policy('{or: [{}]}'), policy('{or: []}')],
    'a claim without a name': [policy('{or: [claim/: a]}'), policy('{or: [claim/a/b: a]}')],
    'an unknown operator of a matcher': [policy('{or: [email: {has: a}]}'), policy('{or: [email: {is: a}]}')],
    'a list for a matcher': [policy('{or: [email: [a]]}'), policy('{or: [email: {in: [a]}]}')],
    'an empty matcher': [policy('{or: [email: {}]}'), policy('{or: [accept: {}]}')],
    'a version of nothing': [route('policy: {rego_version: v0}'), route('policy: {rego: a.rego, rego_version: v0}')],
  };
  test.each(Object.entries(cases))('%s', (_, [wrong, right]) => {
    expect(validate('', readYaml(wrong))).not.toEqual([]);
    expect(validate('', readYaml(right))).toEqual([]);
  });
});
