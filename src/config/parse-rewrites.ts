import { checkClaimHeaders } from './check-claim-headers.ts';
import type { ClaimHeader, HeaderRewrite, Located } from './config.ts';
import { parseKeys, type Scope } from './parse-keys.ts';

/** Reads `rewrite_response_headers`; what is wrong with one is said, and the one left out. */
export function parseRewrites(
  items: readonly Located[],
  claimHeaders: readonly ClaimHeader[],
  scope: Scope,
): readonly HeaderRewrite[] {
  return items.flatMap((item) => {
    const { header, prefix, value } = parseKeys(item, 'header_rewrite', scope) ?? {};
    if (header?.value === undefined) return [];
    checkClaimHeaders([header.value], claimHeaders, scope.problems);
    if (prefix?.value === undefined || value?.value === undefined) return [];
    return [{ name: header.value.name, prefix: prefix.value, value: value.value }];
  });
}
