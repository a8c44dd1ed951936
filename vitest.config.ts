import { existsSync } from 'node:fs';
import { configDefaults, defineConfig } from 'vitest/config';

const BINARY = 'dist/behalf';
/** What runs Behalf as a user does, and so against the binary too. */
const WITH_BINARY = ['test/{attacks,build,commands}/*.test.ts', 'test/e2e/{demo,scenario}.test.ts'];

const source = {
  extends: true as const,
  test: { name: 'source', include: ['test/**/*.test.ts'], exclude: [...configDefaults.exclude, 'test/build/**'] },
};
const binary = {
  extends: true as const,
  test: { name: 'binary', include: WITH_BINARY, env: { BEHALF_BINARY: BINARY } },
};
const hasBinary = existsSync(BINARY) || process.env['CI'] !== undefined;
if (!hasBinary) console.warn(`\n${BINARY} is missing, and its tests with it: run make build\n`);

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // By itself it waits a second, in which a busy machine may not get to it.
    expect: { poll: { timeout: 30_000 } },
    globalSetup: 'test/support/gather-policies.ts',
    // By itself it leaves one processor out, which on a machine with two is half of them.
    maxWorkers: '100%',
    projects: hasBinary ? [source, binary] : [source],
  },
});
