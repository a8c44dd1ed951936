import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { InputDocument } from '../../src/engine/documents.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { parseInput } from '../../src/engine/parse-input.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import { requestFor } from '../opa/compile-rego.ts';

const TIME_NS = 1_700_000_000_000_000_000;

/** Its second entrypoint gives `answers` under the request's method; its first allows, unless the method's `deny` is true. */
const POLICY = `package t

decision := {"allow": true, "status": 200, "reasons": [], "request_headers": [], "response_headers": []} if count(denials) == 0
decision := {"allow": false, "status": 403, "reasons": [], "request_headers": [], "response_headers": []} if count(denials) > 0

text := input.request.path

denials contains "TIME" if {
	input.request.method == "TIME"
	time.parse_rfc3339_ns(text) < time.now_ns()
}

answer := [time.now_ns(), time.clock([time.now_ns(), "Europe/Berlin"])] if text == "time"
answer := rand.intn("key", 1000000000) == rand.intn("key", 1000000000) if text == "same number"
answer := uuid.rfc4122("key") == uuid.rfc4122("key") if text == "same id"
answer := uuid.rfc4122("key") if text == "id"
answer := sprintf("%v %v %v", [{3, 1, 2}, {"set": set(), "keys": {[1]: 2}}, 123456789012345678901234567890]) if text == "values"
answer := sort(net.cidr_expand("192.0.2.0/30")) if text == "set"
answer := sprintf("%s\\u0000\\n\\"\\\\\\u007f\\u2028", [input.request.query]) if text == "characters"
answer := crypto.sha256(base64.decode("/////w==")) if text == "bytes"
answer := {part | some part in [base64.decode("/////w=="), "a"]} == {"a", base64.decode("/////w==")} if text == "bytes compared"
answer := count([1 | units.parse("1 potato")]) if text == "failure"
answer := json.patch({"a": 1}, [{"op": "add", "path": "/b", "value": {1, 2}}]).b == {1, 2} if text == "patch"
answer := strings.any_prefix_match("\\u20ac100", ["\\u20ac"]) if text == "text"
answer := count(numbers.range_step(1, 1000000000000, 1)) if text == "endless"
answer := count(net.cidr_expand("::/0")) if text == "huge"
answer := units.parse(concat("", ["1e9", input.request.query, "999"])) if text == "digits"
answer := bits.lsh(1, 100000000) if text == "shift"
answer := regex.replace(concat("", [x | some i in numbers.range(1, 3000); x := "a"]), "(a*)*$", "b") if text == "regex"
answer := replace("abc", "", "-") if text == "empty"
answer := [to_number(query) >= 3, to_number(query) == 5] if text == "number"
answer := to_number(query) == 123456789012345678901234567890 if text == "all digits"
answer := count([1 | to_number(query)]) if text == "no number"
answer := count(json.unmarshal(query)) if text == "nested"
answer := [sum([1, 2.5]), product({2, 4}), 7 % 4, -7 % 4, bits.or(1, 6), bits.xor(5, 1), bits.negate(5), numbers.range(1, 3)] if text == "arithmetic"

query := input.request.query

# The operands are what claims may be.
denials contains "ARITHMETIC" if {
	input.request.method == "ARITHMETIC"
	some claim, [x, y] in input.caller.claims
	arithmetic(claim, x, y)
}

arithmetic("rem", x, y) if x % y >= 0
arithmetic("sum", x, y) if sum([x, y]) >= 0
arithmetic("product", x, y) if product([x, y]) >= 0
arithmetic("bits.or", x, y) if bits.or(x, y) >= 0
arithmetic("bits.xor", x, y) if bits.xor(x, y) >= 0
arithmetic("bits.negate", x, _) if bits.negate(x) < 0
arithmetic("numbers.range", x, y) if numbers.range(x, y)
`;

let wasm: Uint8Array;
beforeAll(async () => {
  await using compiler = startCompiler();
  wasm = await compiler.compile(requestFor(POLICY, 't/decision', 't/answer'));
});

const inputFor = (path: string, more: object = {}): InputDocument =>
  parseInput({ request: { path, query: '\u{1f600}', ...more }, time_ns: TIME_NS, route: { id: 'r0' } }, []);

describe('what OPA says, a policy in WASM says', () => {
  const cases: Record<string, unknown> = {
    time: [TIME_NS, [23, 13, 20]],
    'same number': true,
    'same id': true,
    values: '{1, 2, 3} {"keys": {[1]: 2}, "set": set()} 123456789012345678901234567890',
    set: ['192.0.2.0', '192.0.2.1', '192.0.2.2', '192.0.2.3'],
    characters: '\u{1f600}\0\n"\\\u007f\u2028',
    // Of four bytes that are no UTF-8.
    bytes: createHash('sha256').update(Buffer.alloc(4, 0xff)).digest('hex'),
    'bytes compared': true,
    failure: 0,
    patch: true,
    text: true,
    // In WebAssembly by itself it would never end.
    empty: '-a-b-c-',
    regex: 'b',
    arithmetic: [3.5, 8, 3, -3, 7, 4, -6, [1, 2, 3]],
  };
  test.for(Object.entries(cases))('%s', async ([path, answer]) => {
    const engine = await loadEngine({ wasm, data: {} });
    expect(engine.query(1, inputFor(path))).toEqual(answer);
  });
});

describe('to_number of what is a number to Go', () => {
  test.for(['5', '005', '+5', '.5e1', '5.', '0.05E+2', '0x1.4p2', '0X14P-2', '0_5', '+0x_5p0', '50e-1'])(
    '%s',
    async (query) => {
      const engine = await loadEngine({ wasm, data: {} });
      expect(engine.query(1, inputFor('number', { query }))).toEqual([true, true]);
    },
  );

  test.for(['0123456789012345678901234567890', '+123456789012345678901234567890.'])('%s', async (query) => {
    const engine = await loadEngine({ wasm, data: {} });
    expect(engine.query(1, inputFor('all digits', { query }))).toBe(true);
  });

  test.for(['five', '', 'nan', '+Inf', '1__0', '0x5', ' 5', '+1e-1000', '0x1p-1000'])(
    'and what is none: %s',
    async (query) => {
      const engine = await loadEngine({ wasm, data: {} });
      expect(engine.query(1, inputFor('no number', { query }))).toBe(0);
    },
  );
});

test('a value within 5,000 others comes whole', async () => {
  const engine = await loadEngine({ wasm, data: {} });
  const nested = `${'['.repeat(5000)}1${']'.repeat(5000)}`;
  expect(engine.query(1, inputFor('nested', { query: nested }))).toBe(1);
});

test('random numbers are others in the next decision', async () => {
  const engine = await loadEngine({ wasm, data: {} });
  expect(engine.query(1, inputFor('id'))).not.toEqual(engine.query(1, inputFor('id')));
});

describe('what costs too much ends the evaluation, and the next is served', () => {
  test.for(['endless', 'huge'])('%s', async (path) => {
    const engine = await loadEngine({ wasm, data: {} });
    expect(() => engine.query(1, inputFor(path))).toThrow(
      expect.objectContaining({ code: 'ERR_ENGINE_FAILED', message: expect.stringMatching(/ended the evaluation$/) }),
    );
    expect(engine.query(1, inputFor('text'))).toBe(true);
  });

  test('a shift to a number of a million digits is undefined', async () => {
    const engine = await loadEngine({ wasm, data: {} });
    expect(engine.query(1, inputFor('shift'))).toBeUndefined();
  });

  test('a number of a million digits is undefined', async () => {
    const engine = await loadEngine({ wasm, data: {} });
    expect(engine.query(1, inputFor('digits', { query: '9' }))).toBeUndefined();
    expect(engine.query(1, inputFor('digits', { query: '\u0000' }))).toBeUndefined();
  });
});

describe('a builtin that fails where a deny needs it', () => {
  const deny = (path: string) => inputFor(path, { method: 'TIME' });
  const ALLOW_ONLY = { allowOnly: new Set(['r0']) };

  test('denies where it does not fail', async () => {
    const engine = await loadEngine({ wasm, data: {} });
    expect(engine.decide(deny('2020-01-01T00:00:00Z'))).toMatchObject({ allow: false, status: 403 });
    expect(engine.decide(deny('2120-01-01T00:00:00Z'))).toMatchObject({ allow: true });
  });

  test('lets nobody in', async () => {
    const engine = await loadEngine({ wasm, data: {} });
    expect(() => engine.decide(deny('yesterday'))).toThrow(
      expect.objectContaining({
        code: 'ERR_ENGINE_FAILED',
        message: 'what the policy allows, a deny might have refused: builtins failed: time.parse_rfc3339_ns',
      }),
    );
    expect(engine.decide(deny('2120-01-01T00:00:00Z'))).toMatchObject({ allow: true });
  });

  const failing: Record<string, readonly [right: readonly unknown[], wrong: readonly unknown[]]> = {
    rem: [
      [4, 2],
      [4, 0],
    ],
    sum: [
      [1, 2],
      [1, 'two'],
    ],
    product: [
      [1, 2],
      [1, 'two'],
    ],
    'bits.or': [
      [1, 2],
      [1, 0.5],
    ],
    'bits.xor': [
      [1, 2],
      [1, 0.5],
    ],
    'bits.negate': [
      [1, 0],
      [0.5, 0],
    ],
    'numbers.range': [
      [1, 2],
      [1, 2.5],
    ],
  };
  test.for(Object.entries(failing))('%s', async ([name, [right, wrong]]) => {
    const engine = await loadEngine({ wasm, data: {} });
    const judge = (operands: readonly unknown[]) => {
      const caller = { type: 'user', claims: { [name]: operands } };
      return engine.decide(parseInput({ request: { method: 'ARITHMETIC' }, caller, route: { id: 'r0' } }, []));
    };
    expect(judge(right)).toMatchObject({ allow: false });
    expect(() => judge(wrong)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(`builtins failed: host\\.${RegExp.escape(name)}$`) }),
    );
  });

  test('matters not to a route that can only allow', async () => {
    const engine = await loadEngine({ wasm, data: {}, ...ALLOW_ONLY });
    expect(engine.decide(deny('yesterday'))).toMatchObject({ allow: true });
    const another = { ...deny('yesterday'), route: { id: 'r1', name: '' } };
    expect(() => engine.decide(another)).toThrow(expect.objectContaining({ code: 'ERR_ENGINE_FAILED' }));
  });
});
