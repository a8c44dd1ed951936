import { beforeAll, describe, expect, test } from 'vitest';
import type { Decision, InputDocument } from '../../src/engine/documents.ts';
import { type Engine, loadEngine } from '../../src/engine/load-engine.ts';
import { parseInput } from '../../src/engine/parse-input.ts';
import { compileDecisions } from '../opa/compile-rego.ts';

const READS = { request: ['host', 'path'], headers: ['origin'], claims: ['role', '__proto__'] };

// Says how much it was given; fails for one path.
const POLICY = `decision := {
	"allow": true, "status": 200, "request_headers": [], "response_headers": [],
	"reasons": [format_int(count(json.marshal(object.remove(input, ["time_ns"]))), 10)],
} if input.request.path != "/fails"`;

let wasm: Uint8Array;
let engine: Engine;
beforeAll(async () => {
  ({ policy: wasm } = await compileDecisions({ policy: POLICY }));
  engine = await loadEngine({ wasm, data: {}, reads: { known: READS } });
});

const claims = JSON.parse('{"role": ["a"], "level": [1], "__proto__": ["p"]}');
const INPUT = parseInput(
  {
    route: { id: 'known', name: 'Known' },
    request: { host: 'a.example', path: '/a', query: 'q', headers: { origin: ['o'], accept: ['*/*'] } },
    caller: { type: 'service_account', id: 'app', claims },
    original_user: { id: 'ada', claims },
    time_ns: 1,
  },
  [],
);
const { request, caller, original_user } = INPUT;
const callerWith = (facts: object): object => ({ ...INPUT, caller: { ...caller, ...facts } });
const originalUserWith = (facts: object): object => ({ ...INPUT, original_user: { ...original_user, ...facts } });
const requestWith = (facts: object): object => ({ ...INPUT, request: { ...request, ...facts } });

describe('what cannot be read changes no decision, and is not passed on', () => {
  const cases: Record<string, object> = {
    'the time': { ...INPUT, time_ns: 2 },
    'a query': requestWith({ query: 'x' }),
    'an address': requestWith({ ip: '192.0.2.1' }),
    'a header': requestWith({ headers: { ...request.headers, accept: ['text/html'], more: ['x'] } }),
    "a caller's claim": callerWith({ claims: { ...claims, level: [2] } }),
    "an original user's claim": originalUserWith({ claims: { ...claims, level: [2], more: ['x'] } }),
  };
  test.for(Object.entries(cases))('%s', ([, input]) => {
    const first = engine.decide(INPUT);
    expect(engine.decide(input as InputDocument)).toBe(first);
  });
});

describe('what can be read is judged anew', () => {
  const cases: Record<string, object> = {
    'another host': requestWith({ host: 'b.example' }),
    'another path': requestWith({ path: '/b' }),
    'a header with another value': requestWith({ headers: { origin: ['p'] } }),
    'a header with two values': requestWith({ headers: { origin: ['o', 'o'] } }),
    'no such header': requestWith({ headers: {} }),
    'another caller': callerWith({ id: 'api' }),
    'another kind of caller': callerWith({ type: 'user' }),
    "a caller's other groups": callerWith({ groups: ['x'] }),
    "a caller's other session": callerWith({ session_id: 's' }),
    "a caller's claim with another value": callerWith({ claims: { ...claims, role: ['b'] } }),
    "a caller's claim of another type": callerWith({ claims: { ...claims, role: [1] } }),
    'a claim called __proto__': callerWith({ claims: JSON.parse('{"role": ["a"], "__proto__": ["q"]}') }),
    nobody: { ...INPUT, caller: null },
    'another original user': originalUserWith({ id: 'bob' }),
    'an original user who has expired': originalUserWith({ expired: true }),
    "an original user's claim with another value": originalUserWith({ claims: { role: ['b'] } }),
    'no original user': { ...INPUT, original_user: null },
    'an error of the assertion': { ...INPUT, original_user: null, original_user_error: 'signature' },
  };
  test.for(Object.entries(cases))('%s', ([, input]) => {
    const first = engine.decide(INPUT);
    const other = engine.decide(input as InputDocument);
    expect(other).not.toBe(first);
    expect(engine.decide(input as InputDocument)).toBe(other);
    expect(engine.decide(INPUT)).toBe(first);
  });
});

test('only what can be read reaches the policy, and every key is there', () => {
  const sizeOf = ({ reasons }: Decision) => Number(reasons[0]);
  const bare = { ...claims, level: undefined };
  const narrow = {
    ...INPUT,
    request: { ...request, headers: { origin: ['o'] } },
    caller: { ...caller, claims: bare },
    original_user: { ...original_user, claims: bare },
    time_ns: undefined,
  };
  expect(sizeOf(engine.decide(INPUT))).toBe(JSON.stringify(narrow).length);
});

test('a route of which nothing is known may read everything, the time too', async () => {
  const whole = await loadEngine({ wasm, data: {} });
  for (const id of ['unknown', '__proto__', 'constructor']) {
    const input = { ...INPUT, route: { id, name: '' } };
    const [first, second] = [engine.decide(input), engine.decide(input)];
    expect(second).toEqual(first);
    expect(second).not.toBe(first);
    expect(first).toEqual(whole.decide(input));
  }
});

test('no failure is remembered, and none spoils what is', () => {
  const first = engine.decide(INPUT);
  for (const _ of [1, 2]) {
    expect(() => engine.decide(requestWith({ path: '/fails' }) as InputDocument)).toThrow(
      expect.objectContaining({
        code: 'ERR_ENGINE_FAILED',
        message: 'the policy gave no decision: none is defined for this input',
      }),
    );
    expect(() => engine.decide({ route: { id: 'known' } } as InputDocument)).toThrow(
      expect.objectContaining({
        code: 'ERR_ENGINE_FAILED',
        message: expect.stringMatching(/^the input is not an input document: /),
      }),
    );
  }
  expect(engine.decide(INPUT)).toBe(first);
});

test('what is remembered is bounded', async () => {
  const fresh = await loadEngine({ wasm, data: {}, reads: { known: READS } });
  const first = fresh.decide(INPUT);
  for (let at = 0; at < 5000; at++) fresh.decide(requestWith({ path: `/${at}` }) as InputDocument);
  const again = fresh.decide(INPUT);
  expect(again).toEqual(first);
  expect(again).not.toBe(first);
});
