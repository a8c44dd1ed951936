import { canonicalName } from '../reserved-names.ts';
import type { ClaimHeader } from './config.ts';
import type { WrittenName } from './parse-header-name.ts';
import type { Problems } from './problems.ts';
import { quote } from './quote.ts';

/** Refuses names that are claim headers in some spelling: those say who calls, and only the proxy may send them. */
export function checkClaimHeaders(
  names: readonly WrittenName[],
  claimHeaders: readonly ClaimHeader[],
  problems: Problems,
): void {
  if (claimHeaders.length === 0) return;
  const reserved = new Set(claimHeaders.map(({ name }) => canonicalName(name)));
  for (const { name, position } of names) {
    if (reserved.has(canonicalName(name))) {
      problems.error(position, `${quote(name)} is one of "jwt_claims_headers", which only the proxy may set`);
    }
  }
}
