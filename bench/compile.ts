import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { readLibrary } from '../src/compile/read-library.ts';
import { writeRego } from '../src/compile/write-rego.ts';
import { loadConfig } from '../src/config/load-config.ts';
import type { CompileRequest } from '../src/opa/compiler-protocol.ts';
import { startCompiler } from '../src/opa/start-compiler.ts';
import { makeFolder } from './make-folder.ts';
import { median } from './median.ts';
import type { Report } from './report.ts';
import { writeConfig } from './write-config.ts';

const ROUTES = 1000;
const ROUNDS = 3;
const ENTRYPOINT = 'behalf/main/decision';
const GO = resolve(import.meta.dirname, '../src/opa/go');

const run = promisify(execFile);

/** A thousand policies, each its own, by the compiler that is kept up, by one that is begun for it, and by a native OPA. */
export async function measureCompile(): Promise<Report> {
  await using folder = await makeFolder();
  const native = join(folder.path, 'opa');
  await run('go', ['build', '-o', native, 'github.com/open-policy-agent/opa'], { cwd: GO });
  const request = await writeRequest(folder.path);
  const bundle = await writeBundle(folder.path, request);

  await using compiler = startCompiler();
  await compiler.compile(request);
  const subjects: Readonly<Record<string, () => Promise<unknown>>> = {
    'native OPA': () =>
      run(native, ['build', '-t', 'wasm', '-b', bundle, '-e', ENTRYPOINT, '-o', join(folder.path, 'bundle.tar.gz')]),
    'kept up': () => compiler.compile(request),
    'begun for it': async () => {
      await using fresh = startCompiler();
      await fresh.compile(request);
    },
  };
  const timed = Object.entries(subjects).map(([name, compile]) => ({ name, compile, times: [] as number[] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { compile, times } of timed) {
      const begin = performance.now();
      await compile();
      times.push(performance.now() - begin);
    }
  }
  const msOf = (wanted: string) => median(timed.find(({ name }) => name === wanted)?.times ?? []);
  return {
    title: `${ROUTES} distinct policies to WASM, ms`,
    notes: [`The same files, in turn; the median of ${ROUNDS}.`],
    rows: Object.keys(subjects).map((compiler) => ({ compiler, ms: Math.round(msOf(compiler)) })),
    bars: [{ what: 'kept up, over native OPA', value: msOf('kept up') / msOf('native OPA'), atMost: 4 }],
  };
}

async function writeRequest(folder: string): Promise<CompileRequest> {
  const routes = Array.from({ length: ROUTES }, (_, at) => ({
    name: `API ${at}`,
    from: `http://api-${at}.example.com`,
    to: 'http://127.0.0.1:1',
    policy: [
      { allow: { and: [{ user: { is: `api-${at}` } }, { 'original_user/domain': { is: 'companydomain.com' } }] } },
      { deny: { or: [{ http_path: { starts_with: `/admin-${at}` } }] } },
    ],
  }));
  const { config } = await loadConfig(await writeConfig(folder, { routes }));
  const { modules, capabilities } = readLibrary();
  return {
    modules: { ...modules, ...writeRego(config).modules },
    trusted: true,
    entrypoints: [ENTRYPOINT],
    capabilities,
  };
}

async function writeBundle(folder: string, { modules }: CompileRequest): Promise<string> {
  const bundle = join(folder, 'bundle');
  for (const [path, text] of Object.entries(modules)) {
    await mkdir(dirname(join(bundle, path)), { recursive: true });
    await writeFile(join(bundle, path), text);
  }
  return bundle;
}
