import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import decisionSchema from '../../policy/schema/decision.json' with { type: 'json' };
import inputSchema from '../../policy/schema/input.json' with { type: 'json' };
import { ORIGINAL_USER_ERRORS } from '../../src/engine/documents.ts';
import { runBehalf } from '../support/run-behalf.ts';
import { evaluateRego } from './evaluate-rego.ts';
import { readRego } from './read-rego.ts';
import { withFolder } from './with-folder.ts';

const POLICY = join(import.meta.dirname, '../../policy');

const isInput = new Ajv({ strict: true }).compile(inputSchema);
const isDecision = new Ajv({ strict: true }).compile(decisionSchema);

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly description?: string;
  readonly $ref?: string;
}

/** What is open, optional or unexplained in a schema, by its path. */
function findGaps(schema: Schema, path: string): string[] {
  const inner = Object.entries({ ...schema.properties, ...schema.definitions });
  const own = [
    ...(schema.description === undefined && schema.$ref === undefined ? [`${path} has no description`] : []),
    ...(schema.properties !== undefined && (schema.additionalProperties ?? true) === true ? [`${path} is open`] : []),
    ...Object.keys(schema.properties ?? {})
      .filter((key) => !schema.required?.includes(key))
      .map((key) => `${path}.${key} may be missing`),
  ];
  return [...own, ...inner.flatMap(([key, value]) => findGaps(value, `${path}.${key}`))];
}

test.for([
  ['input', inputSchema],
  ['decision', decisionSchema],
] as const)('%s.json explains and closes everything, and every key is always there', ([name, schema]) => {
  expect(findGaps(schema, name)).toEqual([]);
});

test('input.json and documents.ts know the same errors of an original user', () => {
  expect(inputSchema.properties.original_user_error.enum).toEqual([null, ...ORIGINAL_USER_ERRORS]);
});

test('the documents that the Rego tests judge are input documents', async () => {
  const fixtures = (await evaluateRego('data.behalf.fixtures_test')) as Record<string, object>;
  const documents = Object.entries(fixtures).filter(([, fixture]) => 'route' in fixture);

  expect(documents.map(([name, document]) => [name, isInput(document)])).toEqual(
    documents.map(([name]) => [name, true]),
  );
  const { of_user } = fixtures;
  expect(isInput({ ...of_user, time_ns: undefined })).toBe(false);
  expect(isInput({ ...of_user, token: '' })).toBe(false);
});

const REFUSAL = { allow: false, status: 403, reasons: ['reject'], request_headers: [], response_headers: [] };
const ALLOWANCE = { ...REFUSAL, allow: true, status: 200, reasons: ['accept'] };
const CLAIMS = {
  iss: 'api.example.com',
  aud: 'api.example.com',
  sub: 'ada-1',
  user: 'ada-1',
  email: '',
  name: '',
  groups: [],
  sid: 's1',
  caller_type: 'user',
};
const REMOVAL = { action: 'remove', name: 'x-team' };
const OMISSION = { action: 'omit', name: 'x-team', count: 0 };
const REWRITE = { action: 'rewrite', name: 'location', prefix: [{ config: 0 }], value: '/' };

test.for<[string, { document: object; valid: boolean }]>([
  ['a refusal', { document: REFUSAL, valid: true }],
  ['a refusal with 200', { document: { ...REFUSAL, status: 200 }, valid: false }],
  ['a refusal with a header for the upstream', { document: { ...REFUSAL, request_headers: [REMOVAL] }, valid: false }],
  ['a refusal with a header for the client', { document: { ...REFUSAL, response_headers: [REMOVAL] }, valid: false }],
  ['an allowance', { document: ALLOWANCE, valid: true }],
  ['an allowance with 403', { document: { ...ALLOWANCE, status: 403 }, valid: false }],
  ['an allowance with headers', { document: { ...ALLOWANCE, request_headers: [REMOVAL] }, valid: true }],
  ['an unknown action', { document: { ...ALLOWANCE, request_headers: [{ ...REMOVAL, action: 'add' }] }, valid: false }],
  ['an omission', { document: { ...ALLOWANCE, request_headers: [{ ...OMISSION, count: 2 }] }, valid: true }],
  ['an omission of nothing', { document: { ...ALLOWANCE, request_headers: [OMISSION] }, valid: false }],
  ['a rewrite of an answer', { document: { ...ALLOWANCE, response_headers: [REWRITE] }, valid: true }],
  ['a rewrite of a request', { document: { ...ALLOWANCE, request_headers: [REWRITE] }, valid: false }],
  ['a name in upper case', { document: { ...ALLOWANCE, request_headers: [{ ...REMOVAL, name: 'X' }] }, valid: false }],
  ...Object.entries<{ value: unknown; valid: boolean }>({
    'literal text': { value: 'blue', valid: true },
    'parts of each kind': { value: ['Bearer ', { config: 0 }, { sign: CLAIMS }, { token: 'id_token' }], valid: true },
    'a number': { value: 1, valid: false },
    'a text with a number below 0': { value: [{ config: -1 }], valid: false },
    'a part of an unknown kind': { value: [{ jwt: true }], valid: false },
    'an unknown token': { value: [{ token: 'refresh_token' }], valid: false },
    'a part of two kinds': { value: [{ config: 0, sign: CLAIMS }], valid: false },
  }).map(([name, { value, valid }]): [string, { document: object; valid: boolean }] => [
    `${name} for a header`,
    { document: { ...ALLOWANCE, request_headers: [{ action: 'set', name: 'x-team', value }] }, valid },
  ]),
  ...Object.entries<{ claims: object; valid: boolean }>({
    'the claims of every assertion': { claims: {}, valid: true },
    'a claim as text': { claims: { team: 'blue' }, valid: true },
    'a claim as a list': { claims: { team: ['blue', 'red'] }, valid: true },
    'a claim as a list of one': { claims: { team: ['blue'] }, valid: false },
    'a claim as a number': { claims: { level: 5 }, valid: false },
    'an end': { claims: { exp: '9' }, valid: false },
    'an id': { claims: { jti: 'x' }, valid: false },
    'groups as text': { claims: { groups: 'ops' }, valid: false },
  }).map(([name, { claims, valid }]): [string, { document: object; valid: boolean }] => {
    const action = { action: 'sign', name: 'x-pomerium-jwt-assertion', claims: { ...CLAIMS, ...claims } };
    return [`${name} signed`, { document: { ...ALLOWANCE, request_headers: [action] }, valid }];
  }),
  ['a reason that is no code', { document: { ...REFUSAL, reasons: ['Not allowed'] }, valid: false }],
])('decision.json: %s', ([, { document, valid }]) => {
  expect(isDecision(document)).toBe(valid);
});

test('the checker finds a mistyped reference in every file of the library', async () => {
  const library = Object.entries(await readRego(POLICY)).filter(([path]) => !path.endsWith('_test.rego'));
  const check = (reference: string) => {
    const files = library.map(([path, text], at) => [path, `${text}\n_added_${at} := ${reference}\n`]);
    const options = ['--strict', '--bundle', '--max-errors', '0', '--schema', join(POLICY, 'schema')];
    return withFolder(Object.fromEntries(files), (folder) => runBehalf(['opa', 'check', ...options, folder]));
  };

  expect(await check('input.caller.email')).toMatchObject({ exitCode: 0 });
  const { exitCode, stderr } = await check('input.caller.emial');
  expect(exitCode).toBe(1);
  for (const [path] of library) {
    expect(stderr).toMatch(new RegExp(`${path}:\\d+: rego_type_error: undefined ref: input.caller.emial`));
  }
});
