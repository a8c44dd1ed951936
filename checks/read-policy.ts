import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = join(import.meta.dirname, '..');

export interface Violation {
  readonly file: string;
  readonly row: number;
  readonly message: string;
}

/** A reason as METADATA has it, with the full name of its rule. */
export interface Reason {
  readonly code: string;
  readonly text: string;
  readonly rule: string;
}

export interface Annotation {
  readonly path: readonly { readonly value: string }[];
  readonly annotations: { readonly title?: string; readonly description?: string };
}

/** What checks/ finds out about Rego. */
export interface PolicyReport {
  readonly violations: readonly Violation[];
  readonly reasons: readonly Reason[];
  /** By the full names of rules. */
  readonly codes_by_rule: Readonly<Record<string, readonly string[]>>;
  readonly annotations: readonly Annotation[];
}

const FINDINGS = '{name: value | some name in ["violations", "reasons", "codes_by_rule"]; value := data.checks[name]}';

/** Reads all Rego in folders, tests too, and has it judged by checks/. Folders and files are paths from `root`. */
export async function readPolicy(folders: readonly string[], root: string = ROOT): Promise<PolicyReport> {
  const paths = folders.flatMap((folder) => globSync(`${folder}/**/*.rego`, { cwd: root }).sort());
  const files = Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  const inspected = await Promise.all(
    folders.map((folder) => runOpa(['inspect', '--annotations', '--format', 'json', folder], root)),
  );
  const annotations: readonly Annotation[] = inspected.flatMap((stdout) => JSON.parse(stdout).annotations ?? []);
  const query = ['eval', '--data', join(ROOT, 'checks'), '--stdin-input', '--format', 'raw', FINDINGS];
  const report = await runOpa(query, root, JSON.stringify({ files, annotations }));
  return { ...JSON.parse(report), annotations };
}

async function runOpa(args: readonly string[], cwd: string, input = ''): Promise<string> {
  const behalf = ['--disable-warning=ExperimentalWarning', join(ROOT, 'src/main.ts'), 'opa'];
  const child = spawn(process.execPath, [...behalf, ...args], { cwd });
  child.stdin.end(input);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (exitCode !== 0) throw new Error(`opa ${args[0]} failed: ${stderr || stdout}`);
  return stdout;
}
