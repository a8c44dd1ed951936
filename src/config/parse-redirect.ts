import { checkTogether } from './check-together.ts';
import type { Located, Redirect } from './config.ts';
import { isSound } from './is-sound.ts';
import { parseKeys, type Scope } from './parse-keys.ts';

/** Reads a redirect, with what a request is answered that may pass. */
export function parseRedirect(value: Located, scope: Scope): Redirect | undefined {
  const fields = parseKeys(value, 'redirect', scope);
  if (fields === undefined) return undefined;
  const isHttps = fields.https_redirect?.value === true;
  if (isHttps) checkTogether(fields, ['https_redirect', 'scheme_redirect'], scope.problems);
  const redirect: Redirect = {
    scheme: isHttps ? 'https' : (fields.scheme_redirect?.value ?? null),
    host: fields.host_redirect?.value ?? null,
    port: fields.port_redirect?.value ?? null,
    path: fields.path_redirect?.value ?? null,
    prefixRewrite: fields.prefix_rewrite?.value ?? null,
    status: fields.response_code?.value ?? 301,
    stripsQuery: fields.strip_query?.value ?? false,
  };
  const { scheme, host, port, path, prefixRewrite } = redirect;
  const isSame = [scheme, host, port, path, prefixRewrite].every((part) => part === null);
  if (isSame && isSound(value, fields)) {
    scope.problems.warning(value.position, 'this redirect leads back to where the request was sent');
  }
  return redirect;
}
