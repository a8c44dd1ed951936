import { execFileSync } from 'node:child_process';
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, ROOT } from './bundle.ts';
import { listGoModules, listPackages, writeNotices } from './write-notices.ts';

// The single-file binary, dist/behalf: this Node, the code in one module, and the npm package's assets.

const MAIN = 'build/packed/behalf.cjs';
const CONFIG = 'build/packed/sea-config.json';
const DRAFT = 'build/packed/behalf';

const packages = await bundle({
  outfile: MAIN,
  // An ES module would load all of Node's modules at once, which takes 0.1 s.
  format: 'cjs',
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
});
const config = {
  main: MAIN,
  output: DRAFT,
  disableExperimentalSEAWarning: true,
  // The binary has no other way to give its compiler this stack: see src/opa/start-compiler.ts.
  execArgv: ['--disable-warning=ExperimentalWarning', '--stack-size=7000'],
  assets: Object.fromEntries(listAssets().map((name) => [name, `dist/npm/${name}`])),
};
writeFileSync(join(ROOT, CONFIG), JSON.stringify(config));
execFileSync(process.execPath, ['--build-sea', CONFIG], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
// A binary that is running cannot be written to, but it can be replaced.
renameSync(join(ROOT, DRAFT), join(ROOT, 'dist/behalf'));

// npm's package `node` keeps the one for this platform in one of its own.
const node = `node_modules/node/node_modules/node-${process.platform}-${process.arch}`;
writeFileSync(join(ROOT, 'dist/THIRD_PARTY'), writeNotices([...listPackages([node, ...packages]), ...listGoModules()]));

function listAssets(): string[] {
  return ['build', 'docs', 'policy', 'schema'].flatMap((folder) =>
    readdirSync(join(ROOT, 'dist/npm', folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(join(ROOT, 'dist/npm/').length))
      .sort(),
  );
}
