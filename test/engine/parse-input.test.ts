import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import schema from '../../policy/schema/input.json' with { type: 'json' };
import type { InputDocument } from '../../src/engine/documents.ts';
import { parseInput } from '../../src/engine/parse-input.ts';

const ROUTES = [
  { id: 'r0', name: 'App' },
  { id: 'r1', name: 'API' },
  { id: 'r2', name: 'r0' },
];
const parse = (value: unknown) => parseInput(value, ROUTES);

const NOBODY = {
  route: { id: '', name: '' },
  request: {
    method: '',
    scheme: 'http',
    host: '',
    path: '',
    query: '',
    headers: {},
    ip: '',
    client_certificate: null,
  },
  caller: null,
  original_user: null,
  original_user_error: null,
};
const PERSON = { type: 'user', id: '', email: '', name: '', groups: [], claims: {} };

describe('missing keys are filled in', () => {
  const cases: Record<string, { line: object; document: object }> = {
    'all of them': { line: {}, document: NOBODY },
    'of the request': {
      line: { request: { path: '/a', headers: { accept: ['*/*'] } } },
      document: { ...NOBODY, request: { ...NOBODY.request, path: '/a', headers: { accept: ['*/*'] } } },
    },
    'of a certificate': {
      line: { request: { client_certificate: { valid: true } } },
      document: {
        ...NOBODY,
        request: {
          ...NOBODY.request,
          client_certificate: { valid: true, fingerprint: '', spki_hash: '', san_dns: [], san_email: [], san_uri: [] },
        },
      },
    },
    'of a caller': {
      line: { caller: { email: 'a@b' } },
      document: { ...NOBODY, caller: { ...PERSON, email: 'a@b', session_id: '', expires_at: null } },
    },
    'of an original user': {
      line: { caller: { type: 'service_account' }, original_user: { groups: ['x'] } },
      document: {
        ...NOBODY,
        caller: { ...PERSON, type: 'service_account', session_id: '', expires_at: null },
        original_user: { ...PERSON, groups: ['x'], issuer: '', audience: '', expires_at: 0, expired: false },
      },
    },
  };
  test.for(Object.entries(cases))('%s', ([, { line, document }]) => {
    expect(parse({ time_ns: 1, ...line })).toEqual({ ...document, time_ns: 1 });
  });

  test('the time is now', () => {
    const before = Date.now() * 1e6;
    const { time_ns } = parse({});
    expect(time_ns).toBeGreaterThanOrEqual(before);
    expect(time_ns).toBeLessThanOrEqual(Date.now() * 1e6);
    expect(parse({ time_ns: 5 }).time_ns).toBe(5);
  });
});

describe('an address is in its one spelling', () => {
  const cases: Record<string, string> = {
    '::ffff:10.1.2.3': '10.1.2.3',
    '::FFFF:a01:203': '10.1.2.3',
    '::ffff:0:a01:203': '::ffff:0:a01:203',
    '2001:DB8:0::1': '2001:db8::1',
    '192.0.2.1': '192.0.2.1',
    localhost: 'localhost',
    '': '',
  };
  test.for(Object.entries(cases))('%s', ([ip, spelled]) => {
    expect(parse({ request: { ip } }).request.ip).toBe(spelled);
  });
});

describe('a route', () => {
  const cases: Record<string, { route: unknown; found: InputDocument['route'] }> = {
    'by name': { route: 'API', found: { id: 'r1', name: 'API' } },
    'by id': { route: 'r1', found: { id: 'r1', name: 'API' } },
    "by a name that is another's id": { route: 'r0', found: { id: 'r2', name: 'r0' } },
    'that nobody knows': { route: 'nope', found: { id: 'nope', name: '' } },
    'of no name': { route: '', found: { id: '', name: '' } },
    'as an object': { route: { id: 'r0' }, found: { id: 'r0', name: '' } },
  };
  test.for(Object.entries(cases))('%s', ([, { route, found }]) => {
    expect(parse({ route }).route).toEqual(found);
  });
});

describe('what is not an input document is refused, with the place', () => {
  const cases: Record<string, { line: unknown; why: string }> = {
    nothing: { line: null, why: 'the whole: must be object: null' },
    'a list': { line: [{}], why: 'the whole: must be object: [{}]' },
    'an unknown key': { line: { rout: 'API' }, why: 'the whole: must NOT have additional properties: rout' },
    'an unknown key below': {
      line: { caller: { mail: 'a@b' } },
      why: 'caller: must NOT have additional properties: mail',
    },
    'a prototype': {
      line: JSON.parse('{"caller": {"__proto__": {"type": "user"}}}'),
      why: 'caller: must NOT have additional properties: __proto__',
    },
    'a route that is a number': { line: { route: 1 }, why: 'route: must be object: 1' },
    'a header that is no list': {
      line: { request: { headers: { 'x/y~z': 'v' } } },
      why: 'request.headers.x/y~z: must be array: "v"',
    },
    'a claim that is nested': {
      line: { caller: { claims: { a: [{ b: 1 }] } } },
      why: 'caller.claims.a.0: must be string: {"b":1}',
    },
    'a type that is none': {
      line: { caller: { type: 'robot' } },
      why: 'caller.type: must be equal to one of the allowed values ["user","service_account"]: "robot"',
    },
    'a time that is null': { line: { time_ns: null }, why: 'time_ns: must be integer: null' },
    'half of a surrogate pair': {
      line: { caller: { claims: { a: ['x', '\ud83d'] } } },
      why: 'caller.claims.a.1: must be text, not half a surrogate pair: "\\ud83d"',
    },
    'half of one in a name': {
      line: { request: { headers: { 'x-\ude00': ['a'] } } },
      why: 'request.headers: must be text, not half a surrogate pair: "x-\\ude00"',
    },
    'a value of any length, cut': {
      line: { time_ns: 'x'.repeat(1000) },
      why: `time_ns: must be integer: "${'x'.repeat(79)}`,
    },
  };
  test.for(Object.entries(cases))('%s', ([, { line, why }]) => {
    expect(() => parse(line)).toThrow(
      expect.objectContaining({ code: 'ERR_INPUT_INVALID', message: `not an input document: ${why}` }),
    );
  });
});

test('property: any JSON is refused, or becomes a document that is valid and stays as it is', () => {
  const isInput = new Ajv({ allowUnionTypes: true }).compile(schema);
  const keys = (of: object) => fc.subarray(Object.keys(of));
  const person = { ...PERSON, id: 'x', session_id: 's', expires_at: 7 };
  const partial = fc
    .tuple(keys(NOBODY), keys(NOBODY.request), keys(person))
    .map(([top, request, caller]) =>
      pick({ ...NOBODY, request: pick(NOBODY.request, request), caller: pick(person, caller) }, top),
    );
  let parsed = 0;

  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), partial), (value) => {
      let document: InputDocument;
      try {
        document = parse(value);
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_INPUT_INVALID' });
        return;
      }
      parsed++;
      expect(isInput(document)).toBe(true);
      expect(document).toMatchObject(value as object);
      expect(parse(document)).toEqual(document);
    }),
  );
  expect(parsed).toBeGreaterThan(10);
});

function pick(from: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key)));
}
