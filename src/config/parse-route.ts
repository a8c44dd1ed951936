import type { Position } from '../errors.ts';
import { isOwnPath } from '../is-own-path.ts';
import { buildLegacyRule } from './build-legacy-rule.ts';
import { checkTogether } from './check-together.ts';
import type { Located, PathMatch, Policy, PolicyRule, Route } from './config.ts';
import { type Fields, parseKeys, type Scope } from './parse-keys.ts';

const DEFAULT_TIMEOUT_MS = 30_000;

/** A route, and where its name is written; null where it has none, and is named after host and path of `from`. */
export interface ParsedRoute {
  readonly route: Route;
  readonly namePosition: Position | null;
}

/**
 * Reads a route. `passIdentityHeaders` is the global value.
 *
 * `to` keeps its path, but `prefixRewrite` is what counts: a path on `to` is there already where no rewrite is set.
 */
export function parseRoute(
  value: Located,
  id: string,
  passIdentityHeaders: boolean,
  scope: Scope,
): ParsedRoute | undefined {
  const fields = parseKeys(value, 'route', scope);
  if (fields === undefined) return undefined;
  for (const key of ['from', 'to'] as const) {
    if (fields[key] === undefined) scope.problems.error(value.position, `missing key "${key}"`);
  }
  checkTogether(fields, ['prefix', 'path', 'regex'], scope.problems);
  const path = choosePath(fields);
  if (isOwnPath(path.kind === 'prefix' ? `${path.value}/x` : path.value)) {
    scope.problems.warning(
      value.position,
      `no request comes here: the proxy itself answers ${path.value} on every host`,
    );
  }
  const policy = choosePolicy(fields, value.position, scope);
  const from = fields.from?.value;
  const to = fields.to?.value;
  if (from === undefined || to === undefined) return undefined;
  return {
    namePosition: fields.name?.position ?? null,
    route: {
      id,
      name: fields.name?.value ?? `${from.host}${path.value}`,
      from,
      to,
      path,
      prefixRewrite: fields.prefix_rewrite?.value ?? (to[0].pathname === '/' ? null : to[0].pathname),
      preserveHostHeader: fields.preserve_host_header?.value ?? false,
      passIdentityHeaders: fields.pass_identity_headers?.value ?? passIdentityHeaders,
      policy,
      timeoutMs: fields.timeout?.value ?? DEFAULT_TIMEOUT_MS,
      position: value.position,
    },
  };
}

function choosePath({ prefix, path, regex }: Fields<'route'>): PathMatch {
  if (regex?.value !== undefined) return regex.value;
  if (path?.value !== undefined) return { kind: 'path', value: path.value };
  return { kind: 'prefix', value: prefix?.value ?? '/' };
}

function choosePolicy(fields: Fields<'route'>, position: Position, { problems }: Scope): Policy {
  const legacy = buildLegacyRule(fields, problems);
  const rules = [...(legacy === null ? [] : [legacy]), ...(fields.policy?.value?.rules ?? [])];
  const isKnown = Object.values(fields).every((field) => field.value !== undefined);
  if (isKnown && !rules.some(allowsSomething)) {
    problems.warning(position, 'this route allows nothing: every request to it is answered with 403');
  }
  return { rules };
}

function allowsSomething({ action, blocks }: PolicyRule): boolean {
  return action === 'allow' && blocks.some((block) => block.criteria.length > 0);
}
