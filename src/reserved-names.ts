export const ASSERTION = 'x-pomerium-jwt-assertion';
export const ASSERTION_FOR = 'x-pomerium-jwt-assertion-for';
export const POMERIUM_AUTHORIZATION = 'x-pomerium-authorization';
export const CLAIM_PREFIX = 'x-pomerium-claim-';

/**
 * The one spelling that all spellings of a name share: an upstream that maps names to variables (CGI, WSGI, PHP) takes
 * `X_Pomerium.Jwt-Assertion` for `X-Pomerium-Jwt-Assertion`, and so do we whenever a name is refused or removed.
 */
export function canonicalName(name: string): string {
  const known = canonical.get(name);
  if (known !== undefined) return known;
  const made = name.toLowerCase().replace(/[^a-z0-9]/g, '-');
  if (canonical.size < MAX_KNOWN) canonical.set(name, made);
  return made;
}

/** Names repeat from request to request; made-up ones fill it once and cost no more than without it. */
const canonical = new Map<string, string>();
const MAX_KNOWN = 1000;

/** Canonical; one that ends in a hyphen starts others. */
export const RESERVED_NAMES = [ASSERTION, ASSERTION_FOR, POMERIUM_AUTHORIZATION, CLAIM_PREFIX] as const;

/** Whether a name, in whatever spelling, is one that only the proxy itself may send. */
export function isReservedName(name: string): boolean {
  // All spellings are of one length, and most names of a request are shorter than any of these.
  return name.length >= CLAIM_PREFIX.length && RESERVED.test(canonicalName(name));
}

const RESERVED = new RegExp(`^(?:${ASSERTION}|${ASSERTION_FOR}|${POMERIUM_AUTHORIZATION}|${CLAIM_PREFIX}.*)$`);
