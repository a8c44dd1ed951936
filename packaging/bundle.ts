import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

export const ROOT = join(import.meta.dirname, '..');

/**
 * Bundles src/main.ts and all that it needs but Node's own modules.
 *
 * @returns the packages in it, as paths from the repository's root: `node_modules/jose`
 */
export async function bundle(options: BuildOptions): Promise<string[]> {
  const { metafile } = await build({
    ...options,
    absWorkingDir: ROOT,
    entryPoints: ['src/main.ts'],
    bundle: true,
    platform: 'node',
    target: 'node26',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const packages = Object.keys(metafile.inputs).flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  return [...new Set(packages)].sort();
}
