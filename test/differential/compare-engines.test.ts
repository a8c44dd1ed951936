import { expect, test } from 'vitest';
import type { ErrorCode } from '../../src/errors.ts';
import { compareEngines } from './compare-engines.ts';
import { withFolder } from './with-folder.ts';

// OPA 1.22.2: sets have no order in WASM, and its base64.decode is not strict.
test('a divergence is found, whichever engine passes', async () => {
  const module = `package divergent_test

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
      'divergent_test/test_agreed',
      'divergent_test/test_divergent',
      'divergent_test/test_failed',
      'divergent_test/test_table: agreed',
      'divergent_test/test_table: divergent',
      'divergent_test/test_table: failed',
    ],
    failures: ['divergent_test/test_divergent', 'divergent_test/test_failed', 'divergent_test/test_table: failed'],
    differences: [
      'divergent_test/test_divergent: passes in WASM alone',
      'divergent_test/test_table: divergent: passes in the interpreter alone',
    ],
  });
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
