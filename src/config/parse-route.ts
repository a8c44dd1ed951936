import type { Position } from '../errors.ts';
import { isOwnPath } from '../is-own-path.ts';
import { buildLegacyRule } from './build-legacy-rule.ts';
import { chooseResponseHeaders } from './choose-response-headers.ts';
import type { HeaderSetting, Located, PathMatch, Policy, PolicyRule, Route, UpstreamTls } from './config.ts';
import { isSound } from './is-sound.ts';
import { type HeaderKeys, type HeaderNeeds, joinHeaderKeys, parseHeaderKeys } from './parse-header-keys.ts';
import { type Fields, parseKeys, type Scope } from './parse-keys.ts';
import { parseRedirect } from './parse-redirect.ts';
import { parseRego } from './parse-rego.ts';
import type { Problems } from './problems.ts';

/** Envoy's, and with it Pomerium's, for streams. */
const DEFAULT_IDLE_TIMEOUT_MS = 300_000;

/** What the global keys say for routes that do not say it themselves. */
export interface RouteDefaults extends HeaderNeeds {
  readonly passIdentityHeaders: boolean;
  readonly issuerFormat: Route['issuerFormat'];
  readonly timeoutMs: number;
  readonly originalUserMaxAgeSeconds: number | null;
  readonly responseHeaders: readonly HeaderSetting[];
  readonly headers: HeaderKeys;
  readonly groupsFilter: readonly string[];
  readonly namesGroupsOfPolicy: boolean;
}

/** A route, and where its name is written; null where it has none, and is named after host and path of `from`. */
export interface ParsedRoute {
  readonly route: Route;
  readonly namePosition: Position | null;
}

/**
 * Reads a route.
 *
 * `to` keeps its path, but `prefixRewrite` is what counts: a path on `to` is there already where no rewrite is set.
 */
export function parseRoute(value: Located, id: string, defaults: RouteDefaults, scope: Scope): ParsedRoute | undefined {
  const fields = parseKeys(value, 'route', scope);
  if (fields === undefined) return undefined;
  const { problems } = scope;
  const headers = parseHeaderKeys(fields, defaults, scope);
  const path = choosePath(fields);
  if (isOwnPath(path.kind === 'prefix' ? `${path.value}/x` : path.value)) {
    problems.warning(value.position, `no request comes here: the proxy itself answers ${path.value} on every host`);
  }
  const policy = choosePolicy(fields, value, scope);
  const namesGroupsOfPolicy = fields.jwt_groups_of_policy?.value ?? defaults.namesGroupsOfPolicy;
  if (namesGroupsOfPolicy && policy.rego.length > 0) {
    const what = 'the groups that Rego reads are not known to "jwt_groups_of_policy"';
    problems.warning(value.position, `${what}, and left out of assertions: name them in "jwt_groups_filter"`);
  }
  const groupsFilter = [...defaults.groupsFilter, ...(fields.jwt_groups_filter?.value ?? [])];
  const redirect = fields.redirect?.value === undefined ? null : parseRedirect(fields.redirect.value, scope);
  const tls = chooseTls(fields, problems);
  const from = fields.from?.value;
  const to = fields.to?.value ?? [];
  if (from === undefined || redirect === undefined || (redirect === null && to.length === 0)) return undefined;
  const allowsWebsockets = fields.allow_websockets?.value ?? false;
  const prefixRewrite = fields.prefix_rewrite?.value ?? to[0]?.pathname ?? '/';
  return {
    namePosition: fields.name?.position ?? null,
    route: {
      id,
      name: fields.name?.value ?? `${from.host}${path.value}`,
      from,
      to,
      path,
      prefixRewrite: fields.prefix_rewrite === undefined && prefixRewrite === '/' ? null : prefixRewrite,
      redirect,
      preserveHostHeader: fields.preserve_host_header?.value ?? false,
      hostRewrite: fields.host_rewrite?.value ?? null,
      passIdentityHeaders: fields.pass_identity_headers?.value ?? defaults.passIdentityHeaders,
      policy,
      // Pomerium's rule: what is open for as long as both sides like has no end by default.
      timeoutMs: fields.timeout?.value ?? (allowsWebsockets ? 0 : defaults.timeoutMs),
      upgradeTimeoutMs: fields.timeout?.value ?? 0,
      idleTimeoutMs: fields.idle_timeout?.value ?? (allowsWebsockets ? 0 : DEFAULT_IDLE_TIMEOUT_MS),
      allowWebsockets: allowsWebsockets,
      issuerFormat: fields.jwt_issuer_format?.value ?? defaults.issuerFormat,
      ...joinHeaderKeys(defaults.headers, headers),
      setResponseHeaders: chooseResponseHeaders(defaults.responseHeaders, fields.set_response_headers?.value ?? []),
      groupsFilter: groupsFilter.length === 0 ? null : groupsFilter,
      namesGroupsOfPolicy,
      tls,
      originalUserMaxAgeSeconds: fields.original_user_max_age?.value ?? defaults.originalUserMaxAgeSeconds,
      allowedOrigins: chooseOrigins(fields, problems),
      position: value.position,
    },
  };
}

function chooseTls(fields: Fields<'route'>, problems: Problems): UpstreamTls {
  const { tls_skip_verify: skip } = fields;
  if (skip?.value === true) {
    problems.warning(
      skip.position,
      'whoever answers for the upstream is taken for it: its certificate is not verified',
    );
  }
  return {
    customCa: fields.tls_custom_ca?.value ?? fields.tls_custom_ca_file?.value ?? null,
    skipVerify: skip?.value ?? false,
    serverName: fields.tls_upstream_server_name?.value ?? fields.tls_server_name?.value ?? null,
  };
}

function chooseOrigins({ allowed_origins: origins, allow_websockets }: Fields<'route'>, problems: Problems) {
  if (origins !== undefined && allow_websockets?.value !== true) {
    problems.warning(origins.keyPosition, 'this does nothing without "allow_websockets: true"');
  }
  return origins?.value ?? [];
}

function choosePath({ prefix, path, regex }: Fields<'route'>): PathMatch {
  if (regex?.value !== undefined) return regex.value;
  if (path?.value !== undefined) return { kind: 'path', value: path.value };
  return { kind: 'prefix', value: prefix?.value ?? '/' };
}

function choosePolicy(fields: Fields<'route'>, route: Located, scope: Scope): Policy {
  const { problems } = scope;
  const subPolicies = (fields.sub_policies?.value ?? []).flatMap((item) => parseKeys(item, 'sub_policy', scope) ?? []);
  const legacy = buildLegacyRule(fields, subPolicies, problems);
  const rules = [...(legacy === null ? [] : [legacy]), ...(fields.policy?.value?.rules ?? [])];
  const ofSubPolicies = subPolicies.flatMap(({ rego, rego_version }) =>
    rego?.value === undefined
      ? []
      : [{ value: rego.value, version: rego_version === undefined ? ('v1' as const) : rego_version.value }],
  );
  const rego = [...(fields.policy?.value?.rego ?? []), ...(parseRego(ofSubPolicies, scope) ?? [])];
  // What Rego allows, nobody can say beforehand.
  if (isSound(route, fields) && rego.length === 0 && !rules.some(allowsSomething)) {
    problems.warning(route.position, 'this route allows nothing: every request to it is answered with 403');
  }
  return { rules, rego };
}

function allowsSomething({ action, blocks }: PolicyRule): boolean {
  return action === 'allow' && blocks.some((block) => block.criteria.length > 0);
}
