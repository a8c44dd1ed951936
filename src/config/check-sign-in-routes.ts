import { isLoopbackSite } from '../is-loopback-site.ts';
import type { Route } from './config.ts';
import type { Problems } from './problems.ts';
import { servesPeople } from './serves-people.ts';

/** Warns of routes for people that nobody who comes by a browser can sign in for. */
export function checkSignInRoutes(url: URL, routes: readonly Route[], problems: Problems): void {
  for (const { from, position } of routes.filter(servesPeople)) {
    if (from.port !== undefined && from.port !== url.port) {
      const ports = `"from" has ${namePort(from.port)}, "authenticate_service_url" ${namePort(url.port)}`;
      problems.warning(position, `browsers are not sent to sign in from here: ${ports}, and both must have the same`);
    }
    if (from.scheme === 'http' && !isLoopbackSite(from.host)) {
      const advice =
        'behind a TLS terminator write "from" with https:, and for programs alone "caller_type: service_account"';
      problems.warning(position, `browsers keep no session on http: but on localhost: ${advice}`);
    }
  }
}

function namePort(port: string): string {
  return port === '' ? 'the port of its scheme' : `port ${port}`;
}
