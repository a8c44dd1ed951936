import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBehalf } from '../support/run-behalf.ts';

const CAPABILITIES = join(import.meta.dirname, '../../policy/capabilities.json');

interface Builtin {
  readonly name: string;
}

/** Parts of the language that work in WASM: the `not` of `rego_v2` does not (see src/opa/go/negation.go). */
const FEATURES = ['keywords_in_refs', 'rego_v1', 'template_strings'];

/** One builtin a line, so that a change shows as such, and without the documentation. */
function writeCapabilities(builtins: readonly Builtin[]): string {
  const dropped = new Set(['description', 'categories']);
  const lines = builtins.map(
    (builtin) => `    ${JSON.stringify(builtin, (key, value) => (dropped.has(key) ? undefined : value))}`,
  );
  const features = FEATURES.map((feature) => JSON.stringify(feature)).join(', ');
  return `{\n  "features": [${features}],\n  "allow_net": [],\n  "builtins": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

/**
 * What OPA has and a policy may not call (docs/builtins.md): it asks the network, reads what is secret, or belongs to OPA's
 * own tools.
 */
const REFUSED = new Set([
  'http.send',
  'internal.print',
  'internal.test_case',
  'net.lookup_ip_addr',
  'opa.runtime',
  'rego.parse_module',
]);

test('policy/capabilities.json lists every builtin of OPA but those that are refused', async () => {
  const { stdout } = await runBehalf(['opa', 'capabilities', '--current']);
  const all: Builtin[] = JSON.parse(stdout).builtins;
  const names = new Set(all.map(({ name }) => name));
  expect([...REFUSED.difference(names)]).toEqual([]);
  // `vitest run -u` writes the file anew.
  const listed = writeCapabilities(all.filter(({ name }) => !REFUSED.has(name)));
  await expect(listed).toMatchFileSnapshot(CAPABILITIES);
});
