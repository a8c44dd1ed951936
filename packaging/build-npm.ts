import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { bundle, ROOT } from './bundle.ts';
import { listGoModules, listPackages, writeNotices } from './write-notices.ts';

// The npm package, in dist/npm: the code in one folder, as deep as src/ is in the repository, and beside it what
// src/assets.ts reads, at the same paths.

const PACKAGE = join(ROOT, 'dist/npm');

await rm(PACKAGE, { recursive: true, force: true });
const packages = await bundle({
  outdir: 'dist/npm/lib',
  format: 'esm',
  // So that the part that looks at Node's version needs nothing of a new Node.
  splitting: true,
  // CommonJS packages ask for Node's modules by `require`, which an ES module does not have.
  banner: { js: 'const require = process.getBuiltinModule;' },
});
await cp(join(ROOT, 'policy'), join(PACKAGE, 'policy'), {
  recursive: true,
  filter: (path) => !path.endsWith('_test.rego') && !path.endsWith('/fixtures'),
});
await mkdir(join(PACKAGE, 'build'));
for (const [from, to] of [
  ['build/packed/opa.wasm.zst', 'build/opa.wasm.zst'],
  ['build/packed/builtins.wasm.zst', 'build/builtins.wasm.zst'],
  ['build/opa.id', 'build/opa.id'],
  ['docs', 'docs'],
  ['schema', 'schema'],
  ['README.md', 'README.md'],
  ['LICENSE', 'LICENSE'],
] as const) {
  await cp(join(ROOT, from), join(PACKAGE, to), { recursive: true });
}
await writeFile(join(PACKAGE, 'THIRD_PARTY'), writeNotices([...listPackages(packages), ...listGoModules()]));
// The last, as the Makefile takes it for the whole.
const { name, version, description, license, type, engines } = packageJson;
const manifest = { name, version, description, license, type, engines, bin: { behalf: 'lib/main.js' } };
await writeFile(join(PACKAGE, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
