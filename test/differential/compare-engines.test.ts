import { expect, test } from 'vitest';
import type { ErrorCode } from '../../src/errors.ts';
import { compareEngines } from './compare-engines.ts';
import { withFolder } from './with-folder.ts';

// OPA 1.22.2: sets have no order in WASM, and its base64.decode is not strict. The library's packages are left as they are.
test('a divergence is found, whichever engine passes', async () => {
  const module = `package behalf.divergent_test

test_agreed if concat(",", ["a", "b"]) == "a,b"

test_table[name] if {
	some name, text in {
		"agreed": concat(",", ["a", "b"]),
		"divergent": concat(",", {"b", "a"}),
		"failed": "b,a,c",
	}
	text == "a,b"
}

test_divergent if base64.decode("YQ") == "a"

test_failed if base64.decode("YQ==") == "b"
`;
  const comparison = await withFolder({ 'divergent_test.rego': module }, compareEngines);

  expect(comparison).toEqual({
    cases: [
      'behalf/divergent_test/test_agreed',
      'behalf/divergent_test/test_divergent',
      'behalf/divergent_test/test_failed',
      'behalf/divergent_test/test_table: agreed',
      'behalf/divergent_test/test_table: divergent',
      'behalf/divergent_test/test_table: failed',
    ],
    failures: [
      'behalf/divergent_test/test_divergent',
      'behalf/divergent_test/test_failed',
      'behalf/divergent_test/test_table: failed',
    ],
    differences: [
      'behalf/divergent_test/test_divergent: passes in WASM alone',
      'behalf/divergent_test/test_table: divergent: passes in the interpreter alone',
    ],
  });
});

// What WebAssembly by itself makes of each is another thing, but for the last: src/opa/go/rewrite.go.
test("in a module of anybody else, builtins are the interpreter's", async () => {
  const module = `package others_test

test_called[name] if {
	some name, same in {
		"array.slice": array.slice([1], 0, 9223372036854775807) == [1],
		"base64.decode": count([1 | base64.decode("YQ")]) == 0,
		"base64.is_valid": base64.is_valid("a b") == false,
		"base64url.decode": count([1 | base64url.decode("a.b")]) == 0,
		"ceil": ceil(0.5) == 1,
		"concat": concat(",", {"b", "a"}) == "a,b",
		"div": 0.2 / 60 == 0.0033333333333333333334,
		"format_int": format_int(18446744073709551616, 10) == "18446744073709551616",
		"indexof": count([1 | indexof("a", "")]) == 0,
		"json.is_valid": json.is_valid("[1,]") == false,
		"json.marshal": json.marshal({"b", "a"}) == \`["a","b"]\`,
		"json.unmarshal": count([1 | json.unmarshal("10.0.0.0/8")]) == 0,
		"net.cidr_contains": net.cidr_contains("10.0.0.0/8", "::ffff:10.0.0.1") == true,
		"object.union_n": object.union_n([]) == {},
		"regex.match": regex.match("\\u0000", "abc") == false,
		"replace": replace("abc", "", "-") == "-a-b-c-",
		"substring": substring("10.1.2.3", 3, -9223372036854775808) == "1.2.3",
		"time.clock": time.clock([1700000000000000000, "Europe/Berlin"]) == [23, 13, 20],
	}
	same
}

test_mocked if concat(",", {"b", "a"}) == "mocked" with concat as mock

mock(_, _) := "mocked"

test_mock if sprintf("%s", ["x"]) == "b,a" with sprintf as concat_backwards

concat_backwards(_, _) := concat(",", ["b", "a"])
`;
  const shadowing = `package shadow_test

import data.others_test.mock as json

replace(_) := "own"

test_rule if replace("a") == "own"

test_import if json("a", "b") == "mocked"
`;
  const files = { 'others_test.rego': module, 'shadow_test.rego': shadowing };
  const { cases, failures, differences } = await withFolder(files, compareEngines);

  expect(cases).toHaveLength(22);
  expect({ failures, differences }).toEqual({ failures: [], differences: [] });
});

const ROUTE = 'package routes.r0\n\ndefault ok := false\n';

// The divergence that DESIGN measured does not get as far as that: the compiler refuses it.
test('a negated dispatch is refused', async () => {
  const module = 'package divergent_test\n\ntest_denied if not data.routes[input.id].ok with input as {"id": "r0"}\n';
  const compared = withFolder({ 'r0.rego': ROUTE, 'divergent_test.rego': module }, compareEngines);

  await expect(compared).rejects.toMatchObject({
    code: 'ERR_COMPILE_FAILED' satisfies ErrorCode,
    problems: [{ position: { file: 'divergent_test.rego', line: 3, column: 16 } }],
  });
});

test('a compared dispatch agrees', async () => {
  const module =
    'package divergent_test\n\ntest_denied if data.routes[input.id].ok == false with input as {"id": "r0"}\n';
  const comparison = await withFolder({ 'r0.rego': ROUTE, 'divergent_test.rego': module }, compareEngines);

  expect(comparison).toEqual({ cases: ['divergent_test/test_denied'], failures: [], differences: [] });
});
