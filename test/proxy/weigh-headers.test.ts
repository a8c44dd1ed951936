import { describe, expect, test } from 'vitest';
import type { RequestHeaderAction } from '../../src/engine/documents.ts';
import type { Header } from '../../src/proxy/header.ts';
import { weighHeaders } from '../../src/proxy/weigh-headers.ts';
import { ASSERTION_FOR } from '../../src/reserved-names.ts';

const ACTIONS: readonly RequestHeaderAction[] = [
  { action: 'remove', name: 'x-team' },
  { action: 'carry', name: ASSERTION_FOR, from: 'original_user' },
  { action: 'set', name: 'X-A', value: '' },
  { action: 'set', name: 'x-b', value: '' },
  { action: 'omit', name: 'x-c', count: 1 },
];

/** A line of so many bytes, its end included. */
const header = (name: string, bytes: number): Header => [name, 'v'.repeat(bytes - `${name}: \r\n`.length)];

describe('what a decision adds is weighed', () => {
  const cases: Record<string, [headers: readonly Header[], weighed: object | null]> = {
    little: [[header('x-a', 100)], null],
    'as much as is quiet': [[header('x-a', 4000), header('x-b', 96)], null],
    'a byte more': [[header('x-b', 97), header('x-a', 4000)], { added_bytes: 4097, added: ['x-a 4000', 'x-b 97'] }],
    'as much as is forwarded': [
      [header('x-a', 4000), header('x-b', 4192)],
      { added_bytes: 8192, added: ['x-b 4192', 'x-a 4000'] },
    ],
    'not what the client sent, nor what is carried': [
      [header('x-team', 9000), header('x-c', 9000), header(ASSERTION_FOR, 8000), header('x-a', 100)],
      null,
    ],
  };
  test.each(Object.entries(cases))('%s', (_, [headers, weighed]) => {
    expect(weighHeaders(headers, ACTIONS)).toEqual(weighed);
  });

  test('a byte more than is forwarded is refused, with sizes and no value', () => {
    expect(() => weighHeaders([header('x-a', 4000), header('x-b', 4193), header('x-c', 9000)], ACTIONS)).toThrow(
      expect.objectContaining({
        code: 'ERR_HEADERS_TOO_LARGE',
        reason: 'headers-too-large',
        message: '8193 bytes of headers are to be added, and 8192 are the limit: x-b 4193, x-a 4000',
      }),
    );
  });
});
