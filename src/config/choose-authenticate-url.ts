import { checkSignInRoutes } from './check-sign-in-routes.ts';
import type { Config, Route } from './config.ts';
import type { Fields } from './parse-keys.ts';
import type { Problems } from './problems.ts';

const NAME = '"authenticate_service_url"';

/** Where people sign in. No route may be there; of a wildcard's hosts it is the one that the wildcard's route does not get. */
export function chooseAuthenticateUrl(
  { authenticate_service_url: field, insecure_server: insecure }: Fields<'global'>,
  routes: readonly Route[],
  problems: Problems,
): Config['authenticateServiceUrl'] {
  if (field?.value === undefined) return null;
  const { protocol, hostname } = field.value;
  if (protocol === 'http:' && insecure?.value !== true) {
    problems.error(field.position, `${NAME} must be https: without "insecure_server: true" the proxy speaks TLS`);
  }
  const route = routes.find(({ from }) => from.host === hostname);
  if (route !== undefined) {
    // An upstream's pages could read and do all that a browser may there.
    const place = `the host of the route on line ${route.position.line}`;
    problems.error(field.position, `${NAME} must have a host of its own: it is ${place}`);
  }
  checkSignInRoutes(field.value, routes, problems);
  return field.value;
}
