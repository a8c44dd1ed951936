import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLine } from '../../src/decision-log/parse-line.ts';
import { writeLine } from '../../src/decision-log/write-line.ts';
import type { RouteReads } from '../../src/reads.ts';
import { decidedOf } from './decided-of.ts';

const NO_EXTRAS = { headers: [], claims: [] };
const NOTHING: RouteReads = { request: [], headers: [], claims: [] };
const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';
/** Of `{\n "alg": "ES256"\n}` and `{\n "sub": "alice"\n}`. */
const PRETTY = 'ewogImFsZyI6ICJFUzI1NiIKfQ.ewogInN1YiI6ICJhbGljZSIKfQ.c2lnbmF0dXJl';

test('a line is time, request, route, input, and what was decided', () => {
  const decided = decidedOf(
    { caller: { claims: { role: ['a'], dept: ['b'] } } },
    {
      request_headers: [
        { action: 'remove', name: 'x-a' },
        {
          action: 'sign',
          name: 'x-pomerium-jwt-assertion',
          claims: {
            iss: 'i',
            aud: 'a',
            sub: 's',
            user: 's',
            email: '',
            name: '',
            groups: [],
            sid: 'd',
            caller_type: 'user',
          },
        },
        { action: 'carry', name: 'x-pomerium-jwt-assertion-for', from: 'original_user' },
        { action: 'set', name: 'x-key', value: ['secret', { config: 1 }] },
      ],
      response_headers: [{ action: 'set', name: 'x-frame-options', value: 'DENY' }],
    },
  );
  const line = writeLine(decided, { ...NOTHING, claims: ['role'] }, NO_EXTRAS);
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual({
    time: '2023-11-14T22:13:20.123Z',
    request_id: decided.requestId,
    route: 'API',
    input: { ...decided.input, caller: { ...decided.input.caller, claims: { role: ['a'] } } },
    recorded: { headers: [], claims: ['role'] },
    masked: [],
    decision: {
      allow: true,
      status: 200,
      reasons: ['user-ok'],
      request_headers: [
        { action: 'remove', name: 'x-a' },
        { action: 'sign', name: 'x-pomerium-jwt-assertion', claims: expect.objectContaining({ sub: 's', sid: 'd' }) },
        { action: 'carry', name: 'x-pomerium-jwt-assertion-for', from: 'original_user' },
        { action: 'set', name: 'x-key' },
      ],
      response_headers: [{ action: 'set', name: 'x-frame-options' }],
    },
  });
});

describe('headers', () => {
  const headers = { origin: ['o'], 'x-tenant': ['t', 'u'], 'x-key': ['k'] };
  const cases: Record<string, { reads: RouteReads | undefined; extra: string[]; written: object; line: object }> = {
    'that no policy reads are not there': {
      reads: NOTHING,
      extra: [],
      written: {},
      line: { recorded: { headers: [], claims: [] }, masked: [] },
    },
    'that the policy reads are there': {
      reads: { ...NOTHING, headers: ['origin', 'x-none'] },
      extra: [],
      written: { origin: ['o'] },
      line: { recorded: { headers: ['origin', 'x-none'], claims: [] }, masked: [] },
    },
    'that the configuration names are there': {
      reads: { ...NOTHING, headers: ['origin'] },
      extra: ['x-tenant', 'origin'],
      written: { origin: ['o'], 'x-tenant': ['t', 'u'] },
      line: { recorded: { headers: ['origin', 'x-tenant'], claims: [] }, masked: [] },
    },
    'are masked where a policy may read all': {
      reads: undefined,
      extra: ['x-tenant'],
      written: { origin: ['[masked]'], 'x-tenant': ['t', 'u'], 'x-key': ['[masked]'] },
      line: { recorded: { headers: null, claims: null }, masked: ['request.headers.origin', 'request.headers.x-key'] },
    },
  };
  test.for(Object.entries(cases))('%s', ([, { reads, extra, written, line }]) => {
    const text = writeLine(decidedOf({ request: { headers } }), reads, { headers: extra, claims: [] });
    expect(JSON.parse(text)).toMatchObject(line);
    expect(JSON.parse(text).input.request.headers).toEqual(written);
  });
});

test('claims that no policy reads are there where the configuration names them', () => {
  const text = writeLine(decidedOf({ caller: { claims: { a: ['1'], b: ['2'], c: ['3'] } } }), NOTHING, {
    headers: [],
    claims: ['b', 'd'],
  });
  expect(JSON.parse(text)).toMatchObject({ recorded: { claims: ['b', 'd'] } });
  expect(JSON.parse(text).input.caller.claims).toEqual({ b: ['2'] });
});

test('a request that no route took', () => {
  const decided = decidedOf({});
  const text = writeLine({ ...decided, input: { ...decided.input, route: { id: '', name: '' } } }, NOTHING, NO_EXTRAS);
  expect(JSON.parse(text)).toMatchObject({ route: null });
});

const queries: Record<string, [query: string, written: string]> = {
  'no query': ['', ''],
  values: ['a=1&b.c[]=x%20y', 'a=[masked]&b.c[]=[masked]'],
  'a semicolon between two': ['a=1;b=2', 'a=[masked];b=[masked]'],
  'a value with an equals sign': ['a=b=c', 'a=[masked]'],
  'a parameter without a value': ['secret', '[masked]'],
  'what may be a token and its padding': ['c2VjcmV0=&dG9rZW4==', '[masked]&[masked]'],
  'a name that is too long for one': [`${'n'.repeat(33)}=1`, '[masked]'],
  'a name with other characters': ['a%20b=1&a/b=2', '[masked]&[masked]'],
  'separators alone': ['&&;', '&&;'],
};
test.each(Object.entries(queries))('query: %s', (_, [query, written]) => {
  const line = JSON.parse(writeLine(decidedOf({ request: { query } }), NOTHING, NO_EXTRAS));
  expect(line.input.request.query).toBe(written);
  expect(line.masked).toEqual(query === '' ? [] : ['request.query']);
});

const tokens: Record<string, [facts: Parameters<typeof decidedOf>[0], masked: string[]]> = {
  'a path': [{ request: { path: `/a/${TOKEN}/b` } }, ['request.path']],
  'a path, behind an escape': [{ request: { path: `/\u001e\u0001${TOKEN}` } }, ['request.path']],
  'a path, behind what looks like an escape': [{ request: { path: `/\\u001${TOKEN}` } }, ['request.path']],
  'a header that is recorded': [{ request: { headers: { 'x-tenant': ['a', TOKEN] } } }, ['request.headers.x-tenant']],
  'a path, with white space in its JSON': [{ request: { path: `/a/Pomerium-${PRETTY}` } }, ['request.path']],
  'an id': [{ caller: { id: TOKEN } }, ['caller.id']],
  'a claim': [{ caller: { claims: { role: [TOKEN] } } }, ['caller.claims.role']],
  "an original user's group": [{ original_user: { groups: [TOKEN] } }, ['original_user.groups']],
};
test.each(Object.entries(tokens))('a token is masked in %s', (_, [facts, masked]) => {
  const text = writeLine(decidedOf(facts), { ...NOTHING, headers: ['x-tenant'], claims: ['role'] }, NO_EXTRAS);
  expect(text).not.toContain(TOKEN.slice(3, 12));
  expect(text).not.toContain(TOKEN.slice(-12));
  expect(text).toContain('[masked]');
  expect(parseLine(text).masked).toEqual(masked);
});

test('what only looks like a token within an escape stays', () => {
  const path = '/\u001eyJabcdefgh';
  const line = parseLine(writeLine(decidedOf({ request: { path } }), NOTHING, NO_EXTRAS));
  expect(line.input.request.path).toBe(path);
  expect(line.masked).toEqual([]);
});

const SECRET = 'hunter2hunter2';
const hostile = fc.string({ unit: 'binary', maxLength: 20 });
const mix = fc.tuple(hostile, hostile).map(([before, after]) => before + SECRET + after);
const sent = fc.record({
  text: hostile,
  secret: mix,
  headers: fc.dictionary(hostile, fc.array(mix)),
  reads: fc.constantFrom(undefined, NOTHING),
});

test('whatever a client sends, it is one plain line that reads back, and holds no value of a query and no header', () => {
  fc.assert(
    fc.property(sent, ({ text, secret, headers, reads }) => {
      const query = `a=${secret.replaceAll(/[&;]/g, '')}`;
      const decided = decidedOf({
        request: { path: `/${text}`, query, headers },
        caller: { id: text, claims: { [text]: [text] } },
      });
      const line = writeLine(decided, reads, NO_EXTRAS);
      expect(line).not.toContain(SECRET);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(line).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+\n$/);
      const read = parseLine(line);
      expect(read.input.request.path).toBe(decided.input.request.path);
      expect(read.input.caller?.id).toBe(text);
    }),
    { numRuns: 500 },
  );
});
