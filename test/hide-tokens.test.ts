import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hideTokens, mayHoldToken } from '../src/hide-tokens.ts';

const encode = (text: string) => Buffer.from(text).toString('base64url');
const REST = `${encode('claims')}.${encode('signature')}`;
const jws = (header: string) => `${encode(header)}.${REST}`;

const HIDDEN: Record<string, [text: string, hidden: string]> = {
  'a JWS': [jws('{"alg":"HS256"}'), '[masked]'],
  'a JWE': [`${jws('{"alg":"dir"}')}.${REST}`, '[masked]'],
  'a JWE without a key': [`${encode('{ "alg":"dir"}')}..${REST}.${encode('tag')}`, '[masked]'],
  'a header with a line end in it': [jws('{\n "alg": "HS256"}'), '[masked]'],
  'a header behind a space': [jws(' {"alg":"HS256"}'), '[masked]'],
  'a header behind two': [jws('\r\n{"alg":"HS256"}'), '[masked]'],
  'a header behind many': [jws(`${' \t'.repeat(50)}{"alg":"HS256"}`), '[masked]'],
  'a header whose first name is odd': [jws('{"":1,"alg":"HS256"}'), '[masked]'],
  'a credential in its old form': [`/t/Pomerium-${jws('{\n"alg":"HS256"}')}/x`, '/t/[masked]/x'],
  'behind another word and a dot': [`file.${jws('{\t"alg":"HS256"}')}`, 'file.[masked]'],
  'two of them': [`${jws('{ "a":1}')},${jws('{ "b":1}')}`, '[masked],[masked]'],
  'the beginning of one': [`/${encode('{"alg":"HS256"}')}/`, '/[masked]/'],
};

const KEPT: Record<string, string> = {
  'a host': 'framework.extensions.example.com',
  'a short host': 'ew.e2.example.com',
  'an address': '10.0.0.1',
  'a file': '/download/newest-homework.tar.gz',
  'an object that is no token': encode('{ "alg":"HS256"}'),
  'an object in two parts': `${encode('{ "alg":"HS256"}')}.x`,
  'a list': jws('["alg"]'),
  'a brace alone': jws('{}'),
};

describe('hideTokens', () => {
  test.each(Object.entries(HIDDEN))('hides %s', (_, [text, hidden]) => {
    expect(hideTokens(text)).toBe(hidden);
  });

  test.each(Object.entries(KEPT))('keeps %s', (_, text) => {
    expect(hideTokens(text)).toBe(text);
  });

  const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\r', '\n') });
  const members = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, maxKeys: 3 });
  const word = fc.stringMatching(/^[\w.-]*$/);
  test('no JWS gets through, however its header is written and whatever stands before it; nor by its JSON', () => {
    fc.assert(
      fc.property(space, members, space, word, (before, object, within, prefix) => {
        const token = jws(before + JSON.stringify(object).replace('{', `{${within}`));
        expect(hideTokens(`/a/${prefix}${token}`)).not.toContain(REST);
        expect(mayHoldToken(JSON.stringify({ path: `\u001e${prefix}${token}` }))).toBe(true);
      }),
    );
  });

  const HOSTILE: Record<string, [text: string, hidden: string]> = {
    dots: ['.'.repeat(16_384), '.'.repeat(16_384)],
    'what almost begins one': ['ewog.'.repeat(4096), 'ewog.'.repeat(4096)],
    'white space that nothing follows': [`${'ICAg'.repeat(4096)}ewog.a.b`, `${'ICAg'.repeat(4096)}ewog.a.b`],
    'one behind all of it': [`${'ewog.'.repeat(4096)}${jws('{ "a":1}')}`, `${'ewog.'.repeat(4096)}[masked]`],
  };
  test.each(Object.entries(HOSTILE))('reads 16 KiB of %s', (_, [text, hidden]) => {
    expect(hideTokens(text)).toBe(hidden);
  });

  test('no pattern repeats what itself repeats, which could take more than linear time', () => {
    const source = readFileSync(new URL('../src/hide-tokens.ts', import.meta.url), 'utf8');
    const patterns = Array.from(source.matchAll(/= \/(.+)\/g?;$/gm), ([, pattern]) => pattern);
    expect(patterns).toHaveLength(4);
    for (const pattern of patterns) expect(pattern).not.toMatch(/[*+}][^()]*\)[*+{]/);
  });
});
