import type { Located, PathMatch, Route } from './config.ts';
import type { Scope } from './parse-keys.ts';
import { type ParsedRoute, parseRoute, type RouteDefaults } from './parse-route.ts';
import type { Problems } from './problems.ts';

/** Reads the routes in the order of the file, in which they are matched. No two of them have the same name or id. */
export function parseRoutes(items: readonly Located[], scope: Scope, defaults: RouteDefaults): readonly Route[] {
  const routes: Route[] = [];
  const names = new Map<string, Route>();
  const hosts = new Map<string, Route[]>();
  for (const [index, item] of items.entries()) {
    const parsed = parseRoute(item, `r${index}`, defaults, scope);
    if (parsed === undefined) continue;
    const route = nameRoute(parsed, names, scope.problems);
    names.set(route.name, route);
    const earlier = hosts.get(route.from.host) ?? [];
    checkShadow(route, earlier, scope.problems);
    hosts.set(route.from.host, [...earlier, route]);
    routes.push(route);
  }
  return routes;
}

/**
 * Service accounts and `behalf decide` address a route by its name or id: if two answered to one name, what was granted
 * for one would hold for the other. So a written name is refused where it is taken; a name of our own making gives way.
 */
function nameRoute({ route, namePosition }: ParsedRoute, names: ReadonlyMap<string, Route>, problems: Problems): Route {
  const taken = names.get(route.name);
  if (namePosition === null) return taken === undefined ? route : { ...route, name: route.id };
  if (/^r\d+$/.test(route.name)) {
    problems.error(namePosition, '"name" must not look like "r0": such are the ids of routes');
  }
  if (taken !== undefined) {
    problems.error(
      namePosition,
      `"name" must be the route's own; the route on line ${taken.position.line} has it already`,
    );
  }
  return route;
}

function checkShadow(route: Route, earlier: readonly Route[], problems: Problems): void {
  const shadow = earlier.find((other) => takesAll(other.path, route.path));
  if (shadow === undefined) return;
  problems.warning(
    route.position,
    `no request comes here: the route on line ${shadow.position.line} takes all of them, and the first that matches serves`,
  );
}

function takesAll(first: PathMatch, second: PathMatch): boolean {
  if (first.kind !== 'prefix') return first.kind === second.kind && first.value === second.value;
  return first.value === '/' || (second.kind !== 'regex' && second.value.startsWith(first.value));
}
