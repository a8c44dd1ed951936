import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './bundle.ts';

/** What is built in, and the folder that has its licence. */
export interface Component {
  readonly name: string;
  readonly folder: string;
  /** The SPDX name of its licence, where it says so. */
  readonly licence?: string;
}

const MODULES = '{{with .Module}}{{if not (or .Main .Replace)}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}';

/** The npm packages in these folders, from the repository's root. */
export function listPackages(folders: readonly string[]): Component[] {
  return folders.map((path) => {
    const folder = join(ROOT, path);
    const { name, version, license: licence } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return { name: `${name} ${version}`, folder, licence };
  });
}

/** Go, and the modules of it that are in `build/opa.wasm` and `build/builtins.wasm`. */
export function listGoModules(): Component[] {
  const env = { ...process.env, GOOS: 'wasip1', GOARCH: 'wasm', GOTOOLCHAIN: 'auto' };
  const go = (...args: string[]) =>
    execFileSync('go', args, { cwd: join(ROOT, 'src/opa/go'), env, encoding: 'utf8' }).trim();
  const lines = new Set(go('list', '-deps', '-f', MODULES, './...').split('\n'));
  const modules = [...lines].filter(Boolean).sort();
  const [version = '', folder = ''] = go('env', 'GOVERSION', 'GOROOT').split('\n');
  return [
    { name: `Go ${version}`, folder },
    ...modules.map((line) => {
      const [name = '', folder = ''] = line.split('\t');
      return { name, folder };
    }),
  ];
}

/** The licences and notices of all of them, each text once. Throws where one has none: it could not be passed on. */
export function writeNotices(components: readonly Component[]): string {
  const owners = new Map<string, string[]>();
  for (const component of components) {
    for (const text of readTexts(component)) owners.set(text, [...(owners.get(text) ?? []), component.name]);
  }
  const sections = [...owners].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return ['Behalf contains the works that are named here, under these terms.\n', ...sections].join(
    `\n${'-'.repeat(80)}\n\n`,
  );
}

function readTexts({ name, folder, licence }: Component): string[] {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice|patents)/i.test(file));
  if (files.length > 0) return files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (licence === undefined) throw new Error(`${name} has no licence in ${folder}`);
  return [`${licence}, as its package.json says; it comes without the text: https://spdx.org/licenses/${licence}.html`];
}
