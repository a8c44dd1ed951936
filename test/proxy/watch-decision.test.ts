import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { Decision } from '../../src/engine/documents.ts';
import { BehalfError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { watchDecision } from '../../src/proxy/watch-decision.ts';
import { inputOf } from '../compile/input-of.ts';

const DENIED: Decision = { allow: false, status: 403, reasons: [], request_headers: [], response_headers: [] };
const decides = (): Decision => DENIED;
const fails = (): Decision => {
  throw new BehalfError('ERR_ENGINE_FAILED', 'trap');
};

const cases: Record<string, { decide: () => Decision; ms: number; logged: boolean }> = {
  'a decision of 50 ms': { decide: decides, ms: 50, logged: false },
  'one that takes longer': { decide: decides, ms: 50.25, logged: true },
  'a failure within 50 ms': { decide: fails, ms: 50, logged: false },
  'one that comes later': { decide: fails, ms: 50.25, logged: true },
};
test.each(Object.entries(cases))('%s', (_, { decide, ms, logged }) => {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const clock = [1000, 1000 + ms];
  const input = { ...inputOf('r0', {}), route: { id: 'r0', name: 'API' } };
  const log = createLog(stream);
  const run = () =>
    watchDecision({ log, input, requestId: 'id-1' }, decide, { explained: true }, () => clock.shift() ?? 0);
  if (decide === fails) expect(run).toThrow(expect.objectContaining({ code: 'ERR_ENGINE_FAILED' }));
  else expect(run()).toBe(DENIED);
  const lines = text.split('\n').slice(0, -1);
  const slow = {
    level: 'warn',
    message: 'slow decision',
    request_id: 'id-1',
    route: 'API',
    duration_ms: 50.25,
    explained: true,
  };
  expect(lines.map((line) => JSON.parse(line))).toEqual(logged ? [{ time: expect.any(String), ...slow }] : []);
});
