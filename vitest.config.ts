import { existsSync } from 'node:fs';
import { configDefaults, defineConfig } from 'vitest/config';

const BINARY = 'dist/behalf';
const BUILD = 'test/build/*.test.ts';
/** What runs Behalf as a user does: the binary in `make test`, the source tree in `make vitest`. */
const AS_A_USER = ['test/{attacks,commands}/*.test.ts', 'test/e2e/{demo,scenario,browser-*}.test.ts'];

const within = {
  extends: true as const,
  test: {
    name: 'within',
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, BUILD, ...AS_A_USER],
  },
};
const source = { extends: true as const, test: { name: 'source', include: AS_A_USER } };
const binary = {
  extends: true as const,
  test: { name: 'binary', include: [BUILD, ...AS_A_USER], env: { BEHALF_BINARY: BINARY } },
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
    projects: hasBinary ? [within, source, binary] : [within, source],
  },
});
