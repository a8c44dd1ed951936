import { runBehalf } from '../support/run-behalf.ts';

/** Whether each case passes, by `package/test_name` and, in a table, `: ` and the name of the case. */
export type Results = ReadonlyMap<string, boolean>;

interface TestResult {
  readonly package: string;
  readonly name: string;
  readonly fail?: boolean;
  readonly error?: unknown;
  readonly sub_results?: Readonly<Record<string, { readonly fail?: boolean }>>;
}

/** Runs the Rego tests under a folder in OPA's interpreter. */
export async function runInInterpreter(folder: string): Promise<Results> {
  const { stdout, stderr } = await runBehalf(['opa', 'test', '--bundle', folder, '--format', 'json']);
  if (stdout === '') throw new Error(stderr);
  return new Map((JSON.parse(stdout) as TestResult[]).flatMap(readCases));
}

function readCases(test: TestResult): [string, boolean][] {
  const name = `${test.package.replace(/^data\./, '').replaceAll('.', '/')}/${test.name}`;
  if (test.sub_results === undefined) return [[name, test.fail !== true && test.error === undefined]];
  return Object.entries(test.sub_results).map(([key, { fail }]) => [`${name}: ${key}`, fail !== true]);
}
