import type { Redirect, Route } from '../config/config.ts';
import type { Answer } from '../sign-in/answer.ts';
import type { Scheme } from './find-scheme.ts';
import type { ClientRequest } from './read-request.ts';
import { rewritePath } from './rewrite-path.ts';

const DEFAULT_PORTS = { http: '80', https: '443' } as const;

/**
 * The answer of a route that redirects. It leads to a host of the configuration's or to the request's own, which the route
 * matched: nobody is led elsewhere by what stands in a path or query.
 *
 * @throws BehalfError ERR_REQUEST_MALFORMED (`path-rewrite`)
 */
export function writeRedirect(redirect: Redirect, route: Route, request: ClientRequest, scheme: Scheme): Answer {
  const nextScheme = redirect.scheme ?? scheme;
  const [, host = '', ownPort = ''] = /^(.*?)(?::(\d+))?$/.exec(redirect.host ?? request.authority) ?? [];
  // The port that goes without saying for the one scheme is none for the other.
  const keptPort = nextScheme !== scheme && ownPort === DEFAULT_PORTS[scheme] ? '' : ownPort;
  const port = redirect.port?.toString() ?? keptPort;
  const authority = port === '' || port === DEFAULT_PORTS[nextScheme] ? host : `${host}:${port}`;
  const path = redirect.path ?? rewritePath({ path: route.path, prefixRewrite: redirect.prefixRewrite }, request.path);
  const search = redirect.stripsQuery || path.includes('?') ? '' : request.search;
  return { status: redirect.status, headers: [['location', `${nextScheme}://${authority}${path}${search}`]], body: '' };
}
