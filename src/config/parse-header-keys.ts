import { checkClaimHeaders } from './check-claim-headers.ts';
import type { ClaimHeader, HeaderRewrite, HeaderSetting } from './config.ts';
import type { WrittenHeader } from './parse-headers.ts';
import type { Fields, Scope } from './parse-keys.ts';
import { parseRewrites } from './parse-rewrites.ts';
import type { Problems } from './problems.ts';
import { quote } from './quote.ts';

/** What is said of headers, for all routes or for one. */
export interface HeaderKeys {
  readonly setRequestHeaders: readonly HeaderSetting[];
  /** Lower-case. */
  readonly removeRequestHeaders: readonly string[];
  readonly rewriteResponseHeaders: readonly HeaderRewrite[];
}

/** What the rest of the configuration has to do with headers. */
export interface HeaderNeeds {
  /** Their names are nobody else's to set. */
  readonly claimHeaders: readonly ClaimHeader[];
  /** Whether browsers can sign in. */
  readonly signsIn: boolean;
}

/** Reads the keys that say what is done to headers, which all routes and each of them have. */
export function parseHeaderKeys(
  fields: Fields<'global'> | Fields<'route'>,
  needs: HeaderNeeds,
  scope: Scope,
): HeaderKeys {
  const { claimHeaders } = needs;
  for (const key of ['set_request_headers', 'remove_request_headers', 'set_response_headers'] as const) {
    checkClaimHeaders(fields[key]?.value ?? [], claimHeaders, scope.problems);
  }
  const requestHeaders = fields.set_request_headers?.value ?? [];
  checkReferences(requestHeaders, needs, scope.problems);
  return {
    setRequestHeaders: requestHeaders.map(({ name, parts }) => ({ name, parts })),
    removeRequestHeaders: (fields.remove_request_headers?.value ?? []).map(({ name }) => name),
    rewriteResponseHeaders: parseRewrites(fields.rewrite_response_headers?.value ?? [], claimHeaders, scope),
  };
}

/** A route's keys beside those for all: what it sets wins, all removals count, and its rewrites come last. */
export function joinHeaderKeys(all: HeaderKeys, own: HeaderKeys): HeaderKeys {
  const set = [...all.setRequestHeaders, ...own.setRequestHeaders];
  return {
    setRequestHeaders: [...new Map(set.map((header) => [header.name, header])).values()],
    removeRequestHeaders: [...new Set([...all.removeRequestHeaders, ...own.removeRequestHeaders])],
    rewriteResponseHeaders: [...all.rewriteResponseHeaders, ...own.rewriteResponseHeaders],
  };
}

function checkReferences(
  headers: readonly WrittenHeader[],
  { claimHeaders, signsIn }: HeaderNeeds,
  problems: Problems,
): void {
  for (const { name, position, parts } of headers) {
    const read = parts.flatMap((part) => (part.kind === 'request_header' ? { name: part.name, position } : []));
    checkClaimHeaders(read, claimHeaders, problems);
    if (!signsIn && parts.some(({ kind }) => kind === 'token')) {
      const why = 'no browser signs in without "authenticate_service_url" and "idp_provider"';
      problems.warning(position, `${quote(name)} is never sent: ${why}`);
    }
  }
}
