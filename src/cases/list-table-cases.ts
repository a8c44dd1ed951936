import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { BehalfError } from '../errors.ts';
import { ownCommand } from '../own-command.ts';

/** All that OPA's interpreter needs to run tests. */
export interface Sources {
  /** By path. */
  readonly modules: Readonly<Record<string, { readonly text: string; readonly version: 'v0' | 'v1' }>>;
  readonly data: unknown;
}

/** Of `opa test --format json`. */
interface TestReport extends Cases {
  readonly package: string;
  readonly name: string;
}

interface Cases {
  readonly sub_results?: Readonly<Record<string, Cases>>;
}

/**
 * The names of all cases of tests that are tables, by the test's entrypoint; of a table within a table, the names from the
 * outside in. WebAssembly gives those that pass alone, so OPA's interpreter is asked which there are.
 *
 * @throws BehalfError ERR_OPA_FAILED
 */
export async function listTableCases(sources: Sources): Promise<ReadonlyMap<string, readonly (readonly string[])[]>> {
  const reports = await withFolder(sources, (folder) => runOpaTest(folder));
  return new Map(
    reports.map((report) => [
      `${report.package.replace(/^data\./, '').replaceAll('.', '/')}/${report.name}`,
      listCases(report),
    ]),
  );
}

function listCases({ sub_results: cases = {} }: Cases): readonly (readonly string[])[] {
  return Object.entries(cases).flatMap(([name, within]) =>
    within.sub_results === undefined ? [[name]] : listCases(within).map((names) => [name, ...names]),
  );
}

async function runOpaTest(folder: string): Promise<readonly TestReport[]> {
  const [program, ...args] = ownCommand([]);
  const child = spawn(program, [...args, 'opa', 'test', '--bundle', folder, '--format', 'json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new BehalfError('ERR_OPA_FAILED', `OPA's interpreter cannot run the tests: ${stderr.trim()}`, { cause });
  }
}

/** Numbered, as paths may lead anywhere. */
async function withFolder<T>({ modules, data }: Sources, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'behalf-test-'));
  try {
    const numbered = Object.values(modules).map(({ text, version }, at) => ({
      path: `${at}_test.rego`,
      text,
      version,
    }));
    const old = numbered.filter(({ version }) => version === 'v0').map(({ path }) => [`/${path}`, 0]);
    const manifest = { rego_version: 1, file_rego_versions: Object.fromEntries(old) };
    await write(join(folder, '.manifest'), JSON.stringify(manifest));
    await write(join(folder, 'data.json'), JSON.stringify(data));
    for (const { path, text } of numbered) await write(join(folder, path), text);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode: 0o600 });
}
