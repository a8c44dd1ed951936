import type { Route } from '../config/config.ts';
import { BehalfError } from '../errors.ts';
import { type NormalPath, normalizePath } from './normalize-path.ts';

/**
 * The path that the upstream gets, encoded. A prefix is replaced by `prefixRewrite`, else by the path of `to`; where the
 * route matched a whole path (`path`, `regex`), all of it is. A prefix that ends in a slash is replaced by one that does.
 *
 * @throws BehalfError ERR_REQUEST_MALFORMED (`path`, `path-rewrite`: the result would leave the rewrite's own prefix)
 */
export function rewritePath(route: Route, path: NormalPath): string {
  const rewrite = route.prefixRewrite ?? (route.to[0].pathname === '/' ? null : route.to[0].pathname);
  if (rewrite === null) {
    return path.encoded;
  }
  const result = normalizePath(replaceMatched(route, path, rewrite));
  if (!result.decoded.startsWith(normalizePath(rewrite).decoded)) {
    throw new BehalfError('ERR_REQUEST_MALFORMED', `${path.encoded} leaves ${rewrite}, under which it belongs`, {
      reason: 'path-rewrite',
    });
  }
  return result.encoded;
}

function replaceMatched(route: Route, path: NormalPath, rewrite: string): string {
  if (route.path.kind !== 'prefix') {
    return rewrite;
  }
  const prefix = route.path.value;
  const slash = prefix.endsWith('/') && !rewrite.endsWith('/') ? '/' : '';
  return rewrite + slash + path.encoded.slice(encodedEnd(path.encoded, prefix));
}

/** One decoded character, as `encoded` spells it: itself, or the escapes of its UTF-8 bytes. */
const CHARACTER = /%[0-7].|%[CD].%..|%E.%..%..|%F.%..%..%..|[^%]/y;

/** Where in `encoded` the characters of `prefix` end, with which its decoded form begins. */
function encodedEnd(encoded: string, prefix: string): number {
  CHARACTER.lastIndex = 0;
  for (const _ of prefix) {
    CHARACTER.test(encoded);
  }
  return CHARACTER.lastIndex;
}
