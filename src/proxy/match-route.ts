import { RE2JS } from 're2js';
import type { PathMatch, Route } from '../config/config.ts';

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

/** Orders routes for look-up by host. */
export function buildRouteTable(routes: readonly Route[]): RouteTable {
  const exact = new Map<string, Entry[]>();
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

/** Whether some route is for this host, whatever the path. */
export function servesHost(table: RouteTable, host: string): boolean {
  return table.exact.has(host) || table.wildcards.some((entry) => entry.host.test(host));
}

/** Whether requests for this host, whatever the path, can come to a route of one of these names. */
export function routesServeHost(table: RouteTable, names: readonly string[], host: string): boolean {
  return findEntries(table, host).some(({ route }) => names.includes(route.name));
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
