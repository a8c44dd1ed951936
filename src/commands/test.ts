import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { findTestFiles, type TestFiles } from '../cases/find-test-files.ts';
import { runTests } from '../cases/run-tests.ts';
import { watchFolders } from '../cases/watch-folders.ts';
import { type Coverage, writeCoverage } from '../cases/write-coverage.ts';
import { writeJunit } from '../cases/write-junit.ts';
import { writeResults } from '../cases/write-results.ts';
import type { PolicyCache } from '../compile/open-policy-cache.ts';
import { BehalfError, writeError } from '../errors.ts';
import { type Compiler, startCompiler } from '../opa/start-compiler.ts';
import { parseOptions } from './parse-options.ts';

const OPTIONS = {
  coverage: { type: 'boolean', default: false },
  threshold: { type: 'string' },
  junit: { type: 'string' },
  watch: { type: 'boolean', default: false },
} as const;

/** Editors write a file in several steps. */
const SETTLE_MS = 100;

interface Asked {
  readonly config: string;
  readonly paths: readonly string[];
  readonly coverage: boolean;
  /** In percent; null for none. */
  readonly threshold: number | null;
  readonly junit: string | null;
}

export async function test(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS, Number.POSITIVE_INFINITY);
  const { config, junit = null } = values;
  const threshold = values.threshold === undefined ? null : parsePercent(values.threshold);
  const asked = {
    config,
    junit,
    threshold,
    coverage: values.coverage || threshold !== null,
    paths: positionals.length > 0 ? positionals : [dirname(config)],
  };
  await using compiler = startCompiler();
  if (values.watch) return await watch(asked, compiler);
  return await run(asked, findTestFiles(asked.paths), compiler, null);
}

async function run(asked: Asked, files: TestFiles, compiler: Compiler, cache: PolicyCache | null): Promise<number> {
  const { results, coverage } = await runTests(asked.config, files, asked.coverage, compiler, cache);
  if (asked.junit !== null) writeJunitFile(asked.junit, writeJunit(results));
  const { isTTY, hasColors } = process.stdout;
  process.stdout.write(writeResults(results, isTTY && hasColors()));
  const written = coverage && writeCoverage(coverage);
  if (written !== null) process.stdout.write(written.text);
  const isCovered = written === null || reaches(written, asked.threshold);
  return isCovered && results.every(({ outcome }) => outcome !== 'failed') ? 0 : 1;
}

function reaches({ percent }: Coverage, threshold: number | null): boolean {
  if (threshold === null || percent >= threshold) return true;
  process.stdout.write(`failed: the coverage is below ${threshold} %\n`);
  return false;
}

function writeJunitFile(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new BehalfError('ERR_USAGE', `--junit: ${(cause as Error).message}`, { cause });
  }
}

/** Runs again whenever something changes, until a signal ends the process. */
async function watch(asked: Asked, compiler: Compiler): Promise<never> {
  const cache = rememberLast();
  for (;;) {
    const changed = Promise.withResolvers<void>();
    // Before anything is read: a change that comes while it runs counts.
    using _ = watchFolders([dirname(asked.config), ...listFolders(asked.paths)], changed.resolve);
    try {
      await run(asked, findTestFiles(asked.paths), compiler, cache);
    } catch (error) {
      if (!(error instanceof BehalfError)) throw error;
      process.stderr.write(`${writeError(error)}\n`);
    }
    process.stdout.write('watching for changes\n');
    await changed.promise;
    await setTimeout(SETTLE_MS);
  }
}

function listFolders(paths: readonly string[]): readonly string[] {
  try {
    const { folders, cases, rego } = findTestFiles(paths);
    return [...folders, ...[...cases, ...rego].map((file) => dirname(file))];
  } catch (error) {
    if (!(error instanceof BehalfError)) throw error;
    return [];
  }
}

/** A change of a case compiles nothing. */
function rememberLast(): PolicyCache {
  let last: { hash: string; wasm: Uint8Array } | null = null;
  return {
    find: (hash) => Promise.resolve(last?.hash === hash ? last.wasm : null),
    put(hash, wasm) {
      last = { hash, wasm };
      return Promise.resolve();
    },
  };
}

function parsePercent(text: string): number {
  const percent = /^\d{1,3}(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (percent <= 100) return percent;
  throw new BehalfError('ERR_USAGE', `--threshold must be a percentage from 0 to 100; found ${JSON.stringify(text)}`);
}
