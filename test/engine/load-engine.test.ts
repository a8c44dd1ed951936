import { Ajv } from 'ajv';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import schema from '../../policy/schema/decision.json' with { type: 'json' };
import type { Decision, InputDocument } from '../../src/engine/documents.ts';
import { type Engine, loadEngine } from '../../src/engine/load-engine.ts';
import { parseInput } from '../../src/engine/parse-input.ts';
import { compileDecisions } from '../opa/compile-rego.ts';

const ALLOW = `{"allow": true, "status": 200, "reasons": [], "request_headers": [], "response_headers": []}`;

const POLICIES = {
  echo: 'decision := input',
  // What goes wrong is the request's method.
  moody: `
decision := ${ALLOW} if input.request.method == "GET"
decision := count([[a, b, c] | some a in many; some b in many; some c in many]) if input.request.method == "EXHAUST"
many := split("${'x'.repeat(500)}", "")
decision := input.request.method if input.request.method in {"CONFLICT", "TEXT"}
decision := "another" if input.request.method == "CONFLICT"
decision := object.union(${ALLOW}, {"status": 403}) if input.request.method == "CONTRADICT"
decision := object.union(${ALLOW}, {"more": 1}) if input.request.method == "MORE"
decision := object.remove(${ALLOW}, ["reasons"]) if input.request.method == "LESS"
decision := object.union(${ALLOW}, {"reasons": ["Not A Code"]}) if input.request.method == "REASON"
`,
  data: `decision := object.union(${ALLOW}, {"reasons": [data.routes[input.route.id].reason]})`,
};

let wasm: Record<keyof typeof POLICIES, Uint8Array>;
beforeAll(async () => {
  wasm = await compileDecisions(POLICIES);
});

const load = (name: keyof typeof POLICIES, data: unknown = {}) => loadEngine({ wasm: wasm[name], data });
const inputFor = (method: string): InputDocument => parseInput({ request: { method } }, []);

test('data is set once and stays', async () => {
  const engine = await load('data', { routes: { r0: { reason: 'first' }, r1: { reason: 'second' } } });
  const reasonsOf = (id: string) => engine.decide(parseInput({ route: { id } }, [])).reasons;
  expect([reasonsOf('r0'), reasonsOf('r1'), reasonsOf('r0')]).toEqual([['first'], ['second'], ['first']]);
});

describe('whatever goes wrong is ERR_ENGINE_FAILED, and the next request is served', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await load('moody');
  });

  const nested = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000));
  const cases: Record<string, { input: unknown; message: string | RegExp }> = {
    'no decision': {
      input: inputFor('NONE'),
      message: 'the policy gave no decision: none is defined for this input',
    },
    'memory that runs out': {
      input: inputFor('EXHAUST'),
      message: 'the policy could not be evaluated: opa_malloc: failed',
    },
    'two values for one rule': {
      input: inputFor('CONFLICT'),
      message: /^the policy could not be evaluated: .*conflict/,
    },
    'a stack that overflows': { input: { nested }, message: /^the policy could not be evaluated: .*stack/ },
    'text that is not Unicode': {
      input: { text: '\ud800' },
      message: 'the policy could not be evaluated: illegal string escape character',
    },
    'a decision that is no object': {
      input: inputFor('TEXT'),
      message: 'the policy gave what is not a decision: data must be object',
    },
    'an allow with a status that refuses': {
      input: inputFor('CONTRADICT'),
      message: /^the policy gave what is not a decision: data\/status must be equal to constant/,
    },
    'a key too many': {
      input: inputFor('MORE'),
      message: 'the policy gave what is not a decision: data must NOT have additional properties',
    },
    'a key too few': {
      input: inputFor('LESS'),
      message: "the policy gave what is not a decision: data must have required property 'reasons'",
    },
    'a reason that is no code': {
      input: inputFor('REASON'),
      message: /^the policy gave what is not a decision: data\/reasons\/0 must match pattern/,
    },
    'no input at all': { input: null, message: 'the policy gave no decision: none is defined for this input' },
  };

  test.for(Object.entries(cases))('%s', ([, { input, message }]) => {
    expect(() => engine.decide(input as InputDocument)).toThrow(
      expect.objectContaining({
        code: 'ERR_ENGINE_FAILED',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
        cause: expect.anything(),
      }),
    );
    expect(engine.decide(inputFor('GET'))).toEqual(JSON.parse(ALLOW));
  });
});

test('what went wrong is said in the words of whoever knows the policy, where there are any', async () => {
  const engine = await loadEngine({
    wasm: wasm.moody,
    data: {},
    explainFailure: (failure, routeId) => (routeId === 'r0' ? `${routeId} ${failure?.replace(/.*: /, '')}` : null),
  });
  const messageFor = (id: string, method: string): string => {
    try {
      return String(engine.decide(parseInput({ route: { id }, request: { method } }, [])).status);
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(messageFor('r0', 'GET')).toBe('200');
  expect(messageFor('r0', 'NONE')).toBe('the policy gave no decision: r0 undefined');
  expect(messageFor('r1', 'NONE')).toBe('the policy gave no decision: none is defined for this input');
  expect(messageFor('r0', 'CONFLICT')).toMatch(/^the policy could not be evaluated: r0 .*conflict$/);
  expect(messageFor('r1', 'CONFLICT')).toMatch(/^the policy could not be evaluated: .*rego:\d+:\d+: .*conflict$/);
});

describe('what cannot be loaded', () => {
  test('bytes that are no module', async () => {
    await expect(loadEngine({ wasm: new Uint8Array([1, 2, 3]), data: {} })).rejects.toMatchObject({
      code: 'ERR_ENGINE_FAILED',
      message: expect.stringMatching(/^the policy is not a WebAssembly module: /),
    });
  });

  test('data that is not Unicode', async () => {
    await expect(load('echo', { a: '\ud800' })).rejects.toMatchObject({
      code: 'ERR_ENGINE_FAILED',
      message: 'the policy cannot be loaded: illegal string escape character',
    });
  });
});

test('memory does not grow with the number of decisions', async () => {
  const engine = await load('moody');
  const headers = { big: Array.from({ length: 1000 }, (_, i) => `${i}`.padEnd(100)) };
  const big = parseInput({ request: { method: 'GET', headers } }, []);
  const decideOften = (times: number) => {
    for (let i = 0; i < times; i++) engine.decide(big);
    return process.memoryUsage().rss;
  };
  const before = decideOften(200);
  // Were the inputs alone kept, this would take 200 MB.
  expect(decideOften(2000) - before).toBeLessThan(100e6);
});

test('property: on any JSON the answer is a valid decision document, or ERR_ENGINE_FAILED', async () => {
  const engine = await load('echo');
  const isDecision = new Ajv().compile(schema);
  const name = fc.stringMatching(/^[a-z-]{1,9}$/);
  const action = fc.oneof(
    fc.record({ action: fc.constant('remove'), name }),
    fc.record({ action: fc.constant('set'), name, value: fc.string({ unit: 'binary' }) }),
    fc.record({ action: fc.constant('carry'), name, from: fc.constant('original_user') }),
    fc.record({ action: fc.constant('rewrite'), name }),
  );
  const sound = fc.oneof(
    fc.record({
      allow: fc.constant(true),
      status: fc.constant(200),
      reasons: fc.uniqueArray(name),
      request_headers: fc.array(action, { maxLength: 2 }),
      response_headers: fc.constant([]),
    }),
    fc.record({
      allow: fc.constant(false),
      status: fc.constantFrom(401, 403, 404, 495),
      reasons: fc.uniqueArray(name),
      request_headers: fc.constant([]),
      response_headers: fc.constant([]),
    }),
  );
  const decision = fc.record({
    allow: fc.boolean(),
    status: fc.constantFrom(200, 401, 403, 404, 495, 500),
    reasons: fc.uniqueArray(name),
    request_headers: fc.array(action, { maxLength: 3 }),
    response_headers: fc.array(action, { maxLength: 3 }),
  });
  const spoilt = fc
    .tuple(decision, fc.constantFrom('allow', 'status', 'reasons', 'request_headers', 'more'), fc.jsonValue())
    .map(([document, key, value]) => ({ ...document, [key]: value }));
  let decided = 0;

  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), sound, decision, spoilt), (value) => {
      let answer: Decision;
      try {
        answer = engine.decide(value as unknown as InputDocument);
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_ENGINE_FAILED' });
        return;
      }
      decided++;
      expect(isDecision(answer)).toBe(true);
      expect(answer).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 1000 },
  );
  expect(decided).toBeGreaterThan(50);
});
