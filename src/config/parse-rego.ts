import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import type { Located, RegoModule, RegoPackage, RegoSource } from './config.ts';
import { describe } from './describe.ts';
import { type Context, type Kind, oneOf } from './kinds.ts';
import { locateRego } from './locate-rego.ts';
import { RESERVED_ROOTS } from './policy-roots.ts';
import { quote } from './quote.ts';

const MAX_FILE_BYTES = 1024 * 1024;

/** White space and comments are all that may stand before it. OPA's own parser is asked again, by `src/opa/go/authored.go`. */
const PACKAGE_LINE = /^(?:\s|#[^\n]*\n)*package(?!\S)(?:[ \t]+([^\s#;]*))?/;
const PACKAGE_NAME = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/** Of the packages of texts without a package line. */
const OWN_ROOT = 'rego';
/** The one package of all policies there, each of which stands alone: it says no more than no package line. */
const POMERIUMS = 'pomerium.policy';

const TYPE = 'the path of a file, or Rego below "rego: |", or a list of them';

/** What `rego` takes, which `parseRego` reads together with its version. */
export const rego: Kind<Located> = {
  type: TYPE,
  shape: 'other',
  schema: {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', items: { type: 'string', minLength: 1 } },
    ],
  },
  parse: (value) => value,
};

/** v1 unless told: texts of Pomerium's that are older must say so. */
export const regoVersion: Kind<RegoModule['version']> = oneOf(['v0', 'v1']);

/** `rego` and its version, which is undefined where it is wrong. */
export interface WrittenRego {
  readonly value: Located;
  readonly version: RegoModule['version'] | undefined;
}

type Scope = Pick<Context, 'problems' | 'folder' | 'read'>;

/**
 * Reads the Rego that a policy names: text with an end of line in it is a module, other text the path of a file; or lists
 * of them. Modules of one package belong together. Undefined where something is wrong, which `problems` then says.
 */
export function parseRego(written: readonly WrittenRego[], scope: Scope): readonly RegoPackage[] | undefined {
  const packages = new Map<string, RegoPackage>();
  let sound = true;
  for (const { value, version } of written) {
    for (const item of value.kind === 'list' ? value.items : [value]) {
      const parsed = version && parseItem(item, version, scope);
      if (parsed === undefined) sound = false;
      else addModule(packages, parsed, item);
    }
  }
  return sound ? [...packages.values()] : undefined;
}

interface ParsedModule {
  readonly name: string;
  readonly module: RegoModule;
}

function addModule(packages: Map<string, RegoPackage>, { name, module }: ParsedModule, { position }: Located): void {
  const known = packages.get(name);
  const isThere = known?.modules.some(({ text, version }) => text === module.text && version === module.version);
  if (known === undefined) packages.set(name, { name, modules: [module], position });
  else if (!isThere) packages.set(name, { ...known, modules: [...known.modules, module] });
}

function parseItem(item: Located, version: RegoModule['version'], scope: Scope): ParsedModule | undefined {
  if (item.kind !== 'scalar' || typeof item.value !== 'string' || item.value === '') {
    return scope.problems.error(item.position, `"rego" must be ${TYPE}; found ${describe(item, true)}`);
  }
  if (!item.value.includes('\n')) return parseFile(item.value, item, version, scope);
  const { block } = item;
  const source: Pick<RegoSource, 'position' | 'kind'> =
    block === undefined ? { position: item.position, kind: 'value' } : { position: block, kind: 'block' };
  return parseModule(item.value, version, source, scope);
}

function parseFile(
  path: string,
  { position }: Located,
  version: RegoModule['version'],
  scope: Scope,
): ParsedModule | undefined {
  const { problems, folder, read } = scope;
  const reading = read(resolve(folder, path), MAX_FILE_BYTES);
  if ('failure' in reading) {
    const hint = 'text without an end of line is the path of a file, and Rego itself stands below "rego: |"';
    return problems.error(position, `"rego" cannot be read from ${quote(path)}: ${reading.failure}; ${hint}`);
  }
  if (reading.isWritable) problems.warning(position, '"rego" names a file that other users may write');
  const file = resolve(path) === path ? path : join(dirname(position.file), path);
  return parseModule(reading.text, version, { position: { file, line: 1, column: 1 }, kind: 'file' }, scope);
}

function parseModule(
  text: string,
  version: RegoModule['version'],
  source: Pick<RegoSource, 'position' | 'kind'>,
  { problems }: Scope,
): ParsedModule | undefined {
  const ownName = `${OWN_ROOT}.m_${createHash('sha256').update(version).update(text).digest('hex').slice(0, 12)}`;
  const match = PACKAGE_LINE.exec(text);
  if (match === null) {
    const module = { text: `package ${ownName}\n\n${text}`, version, source: { ...source, skipped: 2 } };
    return { name: ownName, module };
  }
  const [before, name = ''] = match;
  const whole: RegoSource = { ...source, skipped: 0 };
  const refuse = (why: string) => {
    const lines = before.split('\n');
    const { position, note } = locateRego(whole, lines.length, (lines.at(-1)?.length ?? 0) - name.length + 1);
    return problems.error(position, `${note}${why}`);
  };
  if (name === POMERIUMS) {
    const renamed = `${before.slice(0, -name.length)}${ownName}${text.slice(before.length)}`;
    return { name: ownName, module: { text: renamed, version, source: whole } };
  }
  if (!PACKAGE_NAME.test(name)) {
    return refuse('the name of a package is letters, digits, "_" and dots, as in "package app.access"');
  }
  const [root = ''] = name.split('.');
  if (RESERVED_ROOTS.has(root))
    return refuse(`"package ${name}" is not a policy's to write in: "${root}" is Behalf's own`);
  return { name, module: { text, version, source: whole } };
}
