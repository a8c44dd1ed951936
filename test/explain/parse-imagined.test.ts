import { describe, expect, test } from 'vitest';
import { type ImaginedOptions, parseImagined } from '../../src/commands/parse-imagined.ts';

const URL = 'https://app.example.com/';
const NOBODY = { url: URL, headers: {}, as: null, for: null, forError: null };

const RIGHT: Readonly<Record<string, [words: readonly string[], options: ImaginedOptions, imagined: object]>> = {
  nobody: [[URL], {}, NOBODY],
  'a method': [['POST', URL], {}, { ...NOBODY, method: 'POST' }],
  'a person by address': [[URL], { as: 'a@x.com' }, { ...NOBODY, as: { type: 'user', email: 'a@x.com' } }],
  'a person by id': [[URL], { as: 'ada' }, { ...NOBODY, as: { type: 'user', id: 'ada' } }],
  'a person in full': [
    [URL],
    { as: 'a@x.com', id: 'ada', group: ['g', 'h'], claim: ['a.b=c=d', 'n:=3', 'l=x', 'l=y'] },
    {
      ...NOBODY,
      as: {
        type: 'user',
        email: 'a@x.com',
        id: 'ada',
        groups: ['g', 'h'],
        claims: { 'a.b': 'c=d', n: 3, l: ['x', 'y'] },
      },
    },
  ],
  'a service account for a person': [
    [URL],
    { 'as-service-account': 'api', for: 'a@x.com', group: ['g'] },
    { ...NOBODY, as: { type: 'service_account', id: 'api' }, for: { type: 'user', email: 'a@x.com', groups: ['g'] } },
  ],
  'a service account for another': [
    [URL],
    { 'as-service-account': 'api', 'for-service-account': 'app' },
    { ...NOBODY, as: { type: 'service_account', id: 'api' }, for: { type: 'service_account', id: 'app' } },
  ],
  'an assertion that is not valid': [
    [URL],
    { 'as-service-account': 'api', 'for-error': 'expired' },
    { ...NOBODY, as: { type: 'service_account', id: 'api' }, forError: 'expired' },
  ],
  'headers, address, time': [
    [URL],
    { header: ['X-A: b: c', 'X-A:d', '__proto__: e'], ip: '192.0.2.1', at: '2026-12-24T18:00:00Z' },
    {
      ...NOBODY,
      headers: Object.fromEntries([
        ['X-A', ['b: c', 'd']],
        ['__proto__', ['e']],
      ]),
      ip: '192.0.2.1',
      at: new Date(Date.UTC(2026, 11, 24, 18)),
    },
  ],
};

const ONE_PERSON = '--id, --group and --claim tell of a person: name one with --as or --for';
const WRONG: Readonly<Record<string, [words: readonly string[], options: ImaginedOptions, message: string]>> = {
  'no URL': [[], {}, 'a URL is missing, as in: behalf explain https://app.example.com/ --as ada@example.com'],
  'two callers': [[URL], { as: 'a', 'as-service-account': 'b' }, '--as and --as-service-account exclude one another'],
  'two original users': [
    [URL],
    { for: 'a', 'for-service-account': 'b' },
    '--for and --for-service-account exclude one another',
  ],
  'a group of nobody': [[URL], { group: ['a'] }, ONE_PERSON],
  'a claim of a service account': [[URL], { 'as-service-account': 'a', claim: ['b=c'] }, ONE_PERSON],
  'a claim without a value': [[URL], { as: 'a', claim: ['b'] }, '--claim takes NAME=TEXT or NAME:=JSON, not "b"'],
  'a claim without a name': [[URL], { as: 'a', claim: ['=b'] }, '--claim takes NAME=TEXT or NAME:=JSON, not "=b"'],
  'a claim that is no JSON': [[URL], { as: 'a', claim: ['b:=c'] }, '--claim "b:=c" has no JSON behind ":="'],
  'a header without a value': [[URL], { header: ['a'] }, `--header takes 'NAME: VALUE', not "a"`],
  'a time that is none': [
    [URL],
    { at: 'noon' },
    '--at takes a time with its offset, such as 2026-12-24T18:00:00Z or 2026-12-24T18:00:00+01:00, not "noon"',
  ],
  'a time of no place': [
    [URL],
    { at: '2026-12-24T18:00' },
    '--at takes a time with its offset, such as 2026-12-24T18:00:00Z or 2026-12-24T18:00:00+01:00, not "2026-12-24T18:00"',
  ],
  'an error that is none': [
    [URL],
    { 'for-error': 'late' },
    '--for-error takes audience, expired, issuer, malformed, not-yet-valid, presenter, repeated, revoked, signature, not "late"',
  ],
};

describe('parseImagined', () => {
  test.each(Object.entries(RIGHT))('%s', (_, [words, options, imagined]) => {
    expect(parseImagined(words, options)).toEqual(imagined);
  });
  test.each(Object.entries(WRONG))('refuses %s', (_, [words, options, message]) => {
    expect(() => parseImagined(words, options)).toThrow(expect.objectContaining({ code: 'ERR_USAGE', message }));
  });
});
