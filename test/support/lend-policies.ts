import { link, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a run of the tests gathers compiled policies (`gather-policies.ts`). Nothing is lent outside of one, as in a bench. */
export const GATHERED = 'BEHALF_TEST_POLICIES';

/** Compiled policies are sealed with it, so a proxy whose configuration has another is lent none. */
export const SHARED_SECRET = Buffer.alloc(32, 'of the tests').toString('base64');

/**
 * Makes the state folder of a proxy that has yet to start one that has its secret already, and all policies that were
 * compiled in this run: to compile one takes longer than most tests. Call what it resolves to when the proxy has started,
 * to give back what it had to compile. Tests of caches, secrets and first starts do without.
 */
export async function lendPolicies(
  stateDir: string,
  { shared_secret: secret = SHARED_SECRET }: Readonly<Record<string, unknown>>,
): Promise<() => Promise<void>> {
  const gathered = process.env[GATHERED];
  if (gathered === undefined || secret !== SHARED_SECRET) return async () => {};
  const cache = join(stateDir, 'cache');
  await mkdir(cache, { recursive: true, mode: 0o700 });
  await writeFile(join(stateDir, 'shared-secret'), `${SHARED_SECRET}\n`, { mode: 0o600 });
  await linkAll(gathered, cache);
  return () => linkAll(cache, gathered);
}

/** The proxy never writes into a file of its cache: it puts another in its place. */
async function linkAll(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) {
    await link(join(from, name), join(to, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
