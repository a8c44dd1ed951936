import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeControls } from '../src/escape-controls.ts';

const CASES: Readonly<Record<string, [text: string, escaped: string]>> = {
  'C0, as JSON has it': ['a\n\t\0\u001b[2J', 'a\\n\\t\\u0000\\u001b[2J'],
  'DEL and C1': ['\u007f\u0085\u009b2J', '\\u007f\\u0085\\u009b2J'],
  'line separators': ['\u2028\u2029', '\\u2028\\u2029'],
  'what turns the direction of text': [
    '\u061c\u200e\u200f\u202a\u202e\u2066\u2069',
    '\\u061c\\u200e\\u200f\\u202a\\u202e\\u2066\\u2069',
  ],
  'the byte-order mark': ['\ufeff', '\\ufeff'],
  'no backslash, no quote, no letter': ['"\\n" \'Jörg\' 👩‍💻', '"\\n" \'Jörg\' 👩‍💻'],
};
test.each(Object.entries(CASES))('%s', (_, [text, escaped]) => expect(escapeControls(text)).toBe(escaped));

const anyText = fc.string({ unit: fc.oneof(fc.constantFrom('\\', '"', '\n', '\u009b', '\u202e'), fc.string()) });

test('JSON stays the same JSON, and what is escaped stays as it is', () =>
  fc.assert(
    fc.property(anyText, (text) => {
      const json = escapeControls(JSON.stringify(text));
      expect(JSON.parse(json)).toBe(text);
      expect(escapeControls(json)).toBe(json);
    }),
  ));
