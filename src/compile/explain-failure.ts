import type { Config, Route } from '../config/config.ts';
import { locateRego } from '../config/locate-rego.ts';
import { quote } from '../config/quote.ts';
import { writePosition } from '../errors.ts';
import type { WrittenRego } from './write-rego.ts';

/** As OPA's WASM library says that a rule or a function has two values. */
const CONFLICT = /^(policy|rego)\/([^:]+):(\d+):(\d+): .*conflict$/;

/**
 * Says what authors of Rego can do about a request without a decision: by what OPA said, null where the decision was
 * undefined, and the route's id. Null where OPA's words are all there is to say. The library ends an evaluation by giving
 * two values (policy/result/result.rego), so that the place in those words is none of the author's.
 */
export function explainFailure(
  { routes }: Pick<Config, 'routes'>,
  { authoredSources }: Pick<WrittenRego, 'authoredSources'>,
): (failure: string | null, routeId: string) => string | null {
  return (failure, routeId) => {
    const route = routes.find(({ id }) => id === routeId);
    if (route === undefined || route.policy.rego.length === 0) return null;
    const about = `route ${quote(route.name)}: `;
    const its = `${about}in its Rego, at ${listPlaces(route)}, `;
    if (failure === null) {
      return `${its}a reason is none: it has lower-case letters, digits and hyphens alone, and 64 at most; docs/rego.md, "What a package says"`;
    }
    const [, folder, file, line, column] = CONFLICT.exec(failure) ?? [];
    if (folder === undefined) return null;
    const source = authoredSources[`${folder}/${file}`];
    if (source !== undefined) {
      const { position, note } = locateRego(source, Number(line), Number(column));
      return `${about}${note}a rule or a function has two values, at ${writePosition(position)}`;
    }
    return `${its}a function of data.behalf was called with a value that it does not take, or "allow" or "deny" is no result; docs/rego.md, "What it can read"`;
  };
}

function listPlaces({ policy }: Route): string {
  const places = policy.rego.flatMap(({ modules }) => modules.map(({ source }) => writePosition(source.position)));
  return [...new Set(places)].join(', ');
}
