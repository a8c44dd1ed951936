import type { Route } from '../config/config.ts';
import { BehalfError } from '../errors.ts';
import type { NormalPath } from '../normalize-path.ts';

/**
 * The path that the upstream gets, encoded. `prefixRewrite` replaces the route's prefix, which must end where a segment
 * does: `/v1` with the rewrite `/` does not make `/admin` of `/v1admin` or `/v1../admin`, which nobody judged. So what
 * follows the rewrite are whole segments of a normal path, and cannot lead out of it. Where the route matched a whole path
 * (`path`, `regex`), all of it is replaced.
 *
 * @throws BehalfError ERR_REQUEST_MALFORMED (`path-rewrite`)
 */
export function rewritePath(
  { prefixRewrite, path: match }: Pick<Route, 'prefixRewrite' | 'path'>,
  path: NormalPath,
): string {
  if (prefixRewrite === null) {
    return path.encoded;
  }
  if (match.kind !== 'prefix') {
    return prefixRewrite;
  }
  const rest = path.encoded.slice(encodedEnd(path.encoded, match.value));
  if (match.value.endsWith('/') || rest.startsWith('/')) {
    return `${prefixRewrite.replace(/\/$/, '')}/${rest.replace(/^\//, '')}`;
  }
  if (rest !== '') {
    throw new BehalfError('ERR_REQUEST_MALFORMED', 'the rewritten prefix ends in the middle of a segment', {
      reason: 'path-rewrite',
    });
  }
  return prefixRewrite;
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
