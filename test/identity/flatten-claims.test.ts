import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flattenClaims } from '../../src/identity/flatten-claims.ts';

const nest = (depth: number): object => (depth === 0 ? { v: 1 } : { a: nest(depth - 1) });
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i}`, i]));

const CASES: Record<string, [payload: string, flat: object]> = {
  'a scalar is a list of one': ['{"a":"v","n":5,"t":true,"z":null}', { a: ['v'], n: [5], t: [true], z: [null] }],
  'a list stays': ['{"a":["x","y"],"e":[]}', { a: ['x', 'y'], e: [] }],
  'an object gives dotted names': ['{"a":{"b":"v","c":{"d":1}}}', { 'a.b': ['v'], 'a.c.d': [1] }],
  'an empty object gives nothing': ['{"a":{}}', {}],
  'what is nested in a list has no name': ['{"a":["x",{"b":1},["y"],null]}', { a: ['x', null] }],
  'names keep their case, slashes and dots': ['{"https://x/Roles":1,"A.b":2}', { 'https://x/Roles': [1], 'A.b': [2] }],
  'an empty name is a name': ['{"":1}', { '': [1] }],
};

const NUMBERS: Record<string, [exact: string, other: string]> = {
  'a large one': ['9007199254740991', '9007199254740993'],
  'a large negative one': ['-9007199254740991', '-9007199254740993'],
  'one without end': ['1e15', '1e400'],
  'one with an exponent': ['1e3', '1e21'],
  'one in a list': ['[1, 2.5]', '[1, 9007199254740993]'],
  'one in an object': ['{"b": 0.5}', '{"b": 12345678901234567890}'],
};

describe('flattenClaims', () => {
  test.each(Object.entries(CASES))('%s', (_, [payload, flat]) => {
    expect(flattenClaims(JSON.parse(payload))).toEqual(flat);
  });

  test('names of JavaScript are claims like any other', () => {
    const flat = flattenClaims(JSON.parse('{"__proto__":{"admin":true},"constructor":"c","toString":["t"]}'));
    expect(Object.entries(flat ?? {})).toEqual([
      ['__proto__.admin', [true]],
      ['constructor', ['c']],
      ['toString', ['t']],
    ]);
    expect(Object.getOwnPropertyDescriptor(flattenClaims(JSON.parse('{"__proto__":1}')), '__proto__')?.value).toEqual([
      1,
    ]);
    expect({}).not.toHaveProperty('admin');
  });

  const BOUNDS: Record<string, [taken: object, refused: object]> = {
    depth: [nest(7), nest(8)],
    count: [many(512), many(513)],
    'length of a name': [{ ['n'.repeat(256)]: 1 }, { ['n'.repeat(257)]: 1 }],
    'length of a nested name': [{ ['n'.repeat(254)]: { a: 1 } }, { ['n'.repeat(254)]: { ab: 1 } }],
    'one meaning a name': [
      { 'a.b': 1, a: { c: 2 } },
      { 'a.b': 1, a: { b: 2 } },
    ],
  };
  test.each(Object.entries(BOUNDS))('bounds the %s: nothing is silently left out', (_, [taken, refused]) => {
    expect(flattenClaims({ ...taken })).not.toBeNull();
    expect(flattenClaims({ ...refused })).toBeNull();
  });

  test.each(Object.entries(NUMBERS))('no number becomes another one: %s', (_, [exact, other]) => {
    expect(flattenClaims(JSON.parse(`{"a":${exact}}`))).not.toBeNull();
    expect(flattenClaims(JSON.parse(`{"a":${other}}`))).toBeNull();
  });

  test('any JSON object gives lists of scalars, or null', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (payload) => {
        for (const list of Object.values(flattenClaims(payload) ?? {})) {
          expect(list.every((item) => item === null || typeof item !== 'object')).toBe(true);
        }
      }),
    );
  });
});
