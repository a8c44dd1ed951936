import { createHash } from 'node:crypto';
import type { Config, RegoModule, RegoPackage, RegoSource } from '../config/config.ts';
import type { Problems } from '../config/problems.ts';
import { quote } from '../config/quote.ts';
import { type Position, writePosition } from '../errors.ts';
import type { AuthoredModule } from '../opa/compiler-protocol.ts';

export interface CollectedRego {
  /** By path, `rego/m_<hash>.rego`. */
  readonly authored: Readonly<Record<string, AuthoredModule>>;
  /** By the same path: of several places of one text, the first. */
  readonly authoredSources: Readonly<Record<string, RegoSource>>;
}

/**
 * The Rego of all policies of a configuration. OPA joins modules of one package, and a rule of `data.app` can write into
 * `data.app.admin`: so a package belongs to the modules that one policy names for it, wherever they are named again, and
 * no package or data of the configuration lies within another. What does goes to `problems`.
 */
export function collectAuthored(config: Config, problems: Problems): CollectedRego {
  const authored: Record<string, AuthoredModule> = {};
  const authoredSources: Record<string, RegoSource> = {};
  const owners = new Map<string, { readonly regoPackage: RegoPackage; readonly modules: string }>();

  for (const regoPackage of config.routes.flatMap(({ policy }) => policy.rego)) {
    const { name, position } = regoPackage;
    const paths = regoPackage.modules.map((module) => {
      const path = pathOf(module);
      authored[path] ??= { text: module.text, package: name, version: module.version };
      authoredSources[path] ??= module.source;
      return path;
    });
    const modules = paths.sort().join();
    const owner = owners.get(name);
    if (owner === undefined) owners.set(name, { regoPackage, modules });
    else if (owner.modules !== modules) {
      const place = writePosition(owner.regoPackage.position);
      problems.error(position, `the package ${quote(name)} is that of other Rego, at ${place}: give this one its own`);
    }
  }
  for (const [name, { regoPackage }] of owners) {
    const parts = name.split('.');
    const [root = ''] = parts;
    const refuse = (within: string, position: Position) =>
      problems.error(
        regoPackage.position,
        `the package ${quote(name)} would lie within ${within}, at ${writePosition(position)}: give it another name`,
      );
    for (const outer of parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('.'))) {
      const owner = owners.get(outer);
      if (owner !== undefined) refuse(`the package ${quote(outer)}`, owner.regoPackage.position);
    }
    const document = Object.hasOwn(config.data, root) ? config.data[root] : undefined;
    if (document !== undefined) refuse(`the data ${quote(root)}`, document.position);
  }
  return { authored, authoredSources };
}

function pathOf({ text, version }: RegoModule): string {
  const hash = createHash('sha256').update(version).update(text).digest('hex').slice(0, 16);
  return `rego/m_${hash}.rego`;
}
