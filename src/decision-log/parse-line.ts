import { Ajv } from 'ajv';
import { parseInput } from '../engine/parse-input.ts';
import { BehalfError } from '../errors.ts';
import type { LoggedDecision } from './logged-decision.ts';
import { parseJson } from './parse-json.ts';

const names = { type: 'array', items: { type: 'string' } };
const namesOrAll = { ...names, type: ['array', 'null'] };
const actions = {
  type: 'array',
  items: {
    type: 'object',
    required: ['action', 'name'],
    properties: { action: { type: 'string' }, name: { type: 'string' } },
  },
};

/** Of a line but its input, which has a schema of its own. */
const schema = {
  type: 'object',
  required: ['time', 'request_id', 'route', 'input', 'recorded', 'masked', 'decision'],
  properties: {
    time: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' },
    request_id: { type: 'string' },
    route: { type: ['string', 'null'] },
    input: { type: 'object', required: ['time_ns'] },
    recorded: {
      type: 'object',
      required: ['headers', 'claims'],
      properties: { headers: namesOrAll, claims: namesOrAll },
    },
    masked: names,
    decision: {
      type: 'object',
      required: ['allow', 'status', 'reasons', 'request_headers', 'response_headers'],
      properties: {
        allow: { type: 'boolean' },
        status: { type: 'integer' },
        reasons: names,
        request_headers: actions,
        response_headers: actions,
      },
    },
  },
};

const ajv = new Ajv({ allowUnionTypes: true });
const isLine = ajv.compile<LoggedDecision>(schema);

/** Reads what `writeLine` wrote. ERR_INPUT_INVALID, with the place, for what is no line of a decision log. */
export function parseLine(text: string): LoggedDecision {
  const line = parseJson(text);
  if (!isLine(line)) {
    const why = ajv.errorsText(isLine.errors, { dataVar: 'line' });
    throw new BehalfError('ERR_INPUT_INVALID', `not a line of a decision log: ${why}`);
  }
  return { ...line, input: parseInput(line.input, []) };
}
