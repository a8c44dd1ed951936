import { expect, test } from 'vitest';
import { BehalfError, writeError } from '../src/errors.ts';

const HOSTILE = 'a\n\u001b[2J\u009b\u2028\u202e"b"';
const position = { file: 'b\r.yaml', line: 1, column: 2 };

test('a problem is a line, whatever stood in the file', () => {
  const problems = [
    { severity: 'error', position, message: HOSTILE },
    { severity: 'warning', position, message: 'c' },
  ] as const;
  expect(writeError(new BehalfError('ERR_CONFIG_INVALID', '', { problems }))).toBe(
    'b\\r.yaml:1:2: a\\n\\u001b[2J\\u009b\\u2028\\u202e"b"\nb\\r.yaml:1:2: warning: c',
  );
});

test('a message has lines of its own, and nothing else that moves a cursor', () => {
  expect(writeError(new BehalfError('ERR_INPUT_INVALID', HOSTILE))).toBe(
    'behalf: a\n\\u001b[2J\\u009b\\u2028\\u202e"b"',
  );
});
