import { RE2JS } from 're2js';
import type { Config, PathMatch, Route } from '../config/config.ts';

export interface RouteTable {
  readonly exact: ReadonlyMap<string, readonly Entry[]>;
  /** Routes whose host holds a `*`, in the order of the file. */
  readonly wildcards: readonly WildcardEntry[];
}

interface Entry {
  readonly route: Route;
  readonly matchesPath: (path: string) => boolean;
}

interface WildcardEntry extends Entry {
  readonly host: RegExp;
}

/**
 * Orders routes for look-up by host. The host where people sign in has none, whatever wildcard would cover it: an
 * upstream's pages there would be of one origin with the sign-in.
 */
export function buildRouteTable({
  routes,
  authenticateServiceUrl: own,
}: Pick<Config, 'routes' | 'authenticateServiceUrl'>): RouteTable {
  const exact = new Map<string, Entry[]>(own === null ? [] : [[own.hostname, []]]);
  const wildcards: WildcardEntry[] = [];
  for (const route of routes) {
    const { host } = route.from;
    const entry = { route, matchesPath: compilePathMatch(route.path) };
    if (host.includes('*')) {
      wildcards.push({ ...entry, host: new RegExp(`^${host.replace(/[^a-z0-9*]/g, '\\$&').replaceAll('*', '.*')}$`) });
    } else {
      exact.set(host, [...(exact.get(host) ?? []), entry]);
    }
  }
  return { exact, wildcards };
}

/**
 * The first route of the host that takes the path. A host with routes of its own is not looked for among wildcards, even
 * if none of them takes the path.
 *
 * @param host lower-case, without port and trailing dot
 * @param path normalised and decoded
 */
export function matchRoute(table: RouteTable, host: string, path: string): Route | null {
  return findEntries(table, host).find((entry) => entry.matchesPath(path))?.route ?? null;
}

/** The routes that take requests for this host, in the order in which they are asked for the path. */
export function findRoutes(table: RouteTable, host: string): readonly Route[] {
  return findEntries(table, host).map(({ route }) => route);
}

/** Whether some route is for this host, whatever the path. */
export function servesHost(table: RouteTable, host: string): boolean {
  return findEntries(table, host).length > 0;
}

/** Whether requests for this host, whatever the path, can come to a route of one of these names. */
export function routesServeHost(table: RouteTable, names: readonly string[], host: string): boolean {
  return findRoutes(table, host).some(({ name }) => names.includes(name));
}

function findEntries(table: RouteTable, host: string): readonly Entry[] {
  return table.exact.get(host) ?? table.wildcards.filter((entry) => entry.host.test(host));
}

function compilePathMatch({ kind, value }: PathMatch): (path: string) => boolean {
  switch (kind) {
    case 'prefix':
      return (path) => path.startsWith(value);
    case 'path':
      return (path) => path === value;
    case 'regex': {
      const pattern = RE2JS.compile(value);
      return (path) => pattern.matches(path);
    }
  }
}
