import { expect, test } from 'vitest';
import type { Decision } from '../../src/engine/documents.ts';
import { writeHeaders } from '../../src/explain/write-headers.ts';

const plain = (_style: string, text: string) => text;

const CASES: Record<
  string,
  [action: Decision['request_headers'][number] | Decision['response_headers'][number], text: string]
> = {
  'text, with what a terminal would take for a command': [
    { action: 'set', name: 'x-a', value: 'b\u001b[2J' },
    'set x-a: b\\u001b[2J',
  ],
  'what came with the request': [{ action: 'set', name: 'x-a', value: [{ bytes: 'b' }, '!'] }, 'set x-a: b!'],
  'a text of the configuration': [
    { action: 'set', name: 'x-a', value: [{ config: 0 }] },
    'set x-a: (as the configuration has it)',
  ],
  'a rewrite': [
    { action: 'rewrite', name: 'location', prefix: [{ config: 0 }], value: [{ config: 1 }] },
    'rewrite location: (as the configuration has it) -> (as the configuration has it)',
  ],
  'a removal': [{ action: 'remove', name: 'x-a' }, 'remove x-a'],
};

test.each(Object.entries(CASES))('%s', (_, [action, text]) => {
  expect(writeHeaders('response', [action], plain)).toBe(`response headers\n└─ ${text}\n`);
});

test('nothing is written of nothing', () => {
  expect(writeHeaders('request', [], plain)).toBe('');
});
