import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const GO = join(import.meta.dirname, '../../src/opa/go');

/** One of OPA's own test cases: `v1/test/cases/cases.go`'s TestCase. */
export interface OpaCase {
  readonly file: string;
  readonly note: string;
  readonly query: string;
  readonly modules?: readonly string[];
  readonly data?: unknown;
  readonly input?: unknown;
  /** Rego, where JSON would not do. */
  readonly input_term?: string;
  /** The bindings of each solution. */
  readonly want_result?: readonly Readonly<Record<string, unknown>>[];
  readonly want_error?: string;
  readonly want_error_code?: string;
  /** What is an error there is undefined otherwise, and so in WebAssembly. */
  readonly strict_error?: boolean;
  /** Arrays in bindings are in any order. */
  readonly sort_bindings?: boolean;
}

/** The cases for Rego v1 that come with the OPA of src/opa/go/go.mod. */
export function readCases(): OpaCase[] {
  const options = { cwd: GO, encoding: 'utf8', env: { ...process.env, GOTOOLCHAIN: 'auto' } } as const;
  const module = execFileSync('go', ['list', '-m', '-f', '{{.Dir}}', 'github.com/open-policy-agent/opa'], options);
  const folder = join(module.trim(), 'v1/test/cases/testdata/v1');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'));
  return files.sort().flatMap((file) => {
    // JavaScript's numbers do not hold all that are in there.
    const { cases } = parse(readFileSync(join(folder, file), 'utf8'), { intAsBigInt: true, maxAliasCount: -1 });
    return (cases as OpaCase[]).map((each) => ({ ...each, file }));
  });
}
