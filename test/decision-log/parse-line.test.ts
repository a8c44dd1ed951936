import { expect, test } from 'vitest';
import { parseLine } from '../../src/decision-log/parse-line.ts';
import { writeLine } from '../../src/decision-log/write-line.ts';
import { decidedOf } from './decided-of.ts';

const text = writeLine(decidedOf({}), { request: [], headers: [], claims: [] }, { headers: [], claims: [] });
const line = JSON.parse(text);

test('a line that was written can be read', () => {
  expect(parseLine(text)).toEqual(line);
});

const KIND = 'not a line of a decision log: line';
const refused: Record<string, [line: string, message: string]> = {
  nothing: ['', 'not JSON'],
  'half a line': [text.slice(0, 100), 'not JSON'],
  'two lines in one': [text.trimEnd() + text, 'not JSON'],
  null: ['null', `${KIND} must be object`],
  'a line of the other log': ['{"time":"x","message":"request"}', `${KIND} must have required property 'request_id'`],
  'an input document': [JSON.stringify(line.input), `${KIND} must have required property 'time'`],
  'no time that could be replayed': [
    JSON.stringify({ ...line, input: { ...line.input, time_ns: undefined } }),
    `${KIND}/input must have required property 'time_ns'`,
  ],
  'a time of another kind': [
    JSON.stringify({ ...line, time: 'yesterday' }),
    `${KIND}/time must match pattern "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$"`,
  ],
  'an input of another kind': [
    JSON.stringify({ ...line, input: { ...line.input, caller: 'alice' } }),
    'not an input document: caller: must be object,null: "alice"',
  ],
  'no word on what was recorded': [
    JSON.stringify({ ...line, recorded: undefined }),
    `${KIND} must have required property 'recorded'`,
  ],
};
test.each(Object.entries(refused))('refused: %s', (_, [bad, message]) => {
  expect(() => parseLine(bad)).toThrow(expect.objectContaining({ code: 'ERR_INPUT_INVALID', message }));
});
