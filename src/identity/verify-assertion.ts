import type { Caller, OriginalUser } from '../engine/documents.ts';
import type { Cache } from '../open-cache.ts';
import { assertionInvalid } from './identity-errors.ts';
import { judgeTimes } from './judge-times.ts';
import type { SigningKeys } from './open-signing-keys.ts';
import type { Store } from './open-store.ts';
import { ASSERTION_LEEWAY_SECONDS, hostOfIssuer, parseAssertionClaims } from './parse-assertion-claims.ts';
import { type CompactJws, parseCompactJws } from './parse-compact-jws.ts';
import type { SigningKey } from './parse-signing-key.ts';
import type { AssertionContent } from './read-assertion.ts';
import { ASSERTION, hasExactly } from './token-kinds.ts';

/** Who brings an assertion, and to a route of which rules. */
export interface Presentation {
  /** A service account. */
  readonly presenter: Caller;
  /** How long after `iat` an assertion of ours may be carried; null for until its `exp`. */
  readonly maxAgeSeconds: number | null;
}

/** What an assertion says that this key signed: true for ever, though it may have ended since. */
export interface SignedAssertion extends AssertionContent {
  readonly key: SigningKey;
}

/** Rejects as `verifyAssertion`. */
export type ForeignVerifier = (token: string, jws: CompactJws) => Promise<OriginalUser>;

export interface AssertionRules {
  readonly keys: SigningKeys;
  readonly store: Store;
  readonly known: Cache<SignedAssertion>;
  /** Trusted issuers, by exactly their `iss`. */
  readonly foreign: ReadonlyMap<string, ForeignVerifier>;
  /** Null for a sid that is no session's of ours by its form. */
  isLiveSession(sid: string): boolean | null;
  servesHost(host: string): boolean;
  routesServeHost(routes: readonly string[], host: string): boolean;
}

/**
 * Whom an incoming assertion is about. Rejects with ERR_ASSERTION_INVALID, whose `reason` is the `original_user_error`,
 * with ERR_IDENTITY_UNAVAILABLE where the keys of its issuer cannot be had, and with ERR_STATE_UNUSABLE where it cannot be
 * known whether it was revoked.
 */
export async function verifyAssertion(
  token: string,
  { presenter, maxAgeSeconds }: Presentation,
  rules: AssertionRules,
): Promise<OriginalUser> {
  const known = rules.known.get(token);
  const user =
    known === undefined ? await verifyUnknown(token, maxAgeSeconds, rules) : judgeOurs(known, maxAgeSeconds, rules);
  checkPresenter(user, presenter, rules);
  return user;
}

function verifyUnknown(
  token: string,
  maxAgeSeconds: number | null,
  rules: AssertionRules,
): OriginalUser | Promise<OriginalUser> {
  const jws = parseCompactJws(token, ASSERTION.maxLength);
  if (jws === null) {
    throw assertionInvalid('malformed', `is no compact JWS of at most ${ASSERTION.maxLength} characters`);
  }
  // Not yet verified, `iss` only picks whose rules and keys apply: our own, or those of exactly one other.
  const { iss } = jws.payload;
  if (typeof iss === 'string' && rules.servesHost(hostOfIssuer(iss))) {
    const signed = verifySignature(jws, rules);
    rules.known.set(token, signed, MEMORY_FACTOR * token.length);
    return judgeOurs(signed, maxAgeSeconds, rules);
  }
  const verifyForeign = typeof iss === 'string' ? rules.foreign.get(iss) : undefined;
  if (verifyForeign !== undefined) return verifyForeign(token, jws);
  throw assertionInvalid('issuer', 'is not by a host of this proxy, nor by an issuer that it trusts');
}

/** A token's claims take some times the token's own length in memory. */
const MEMORY_FACTOR = 8;

function verifySignature({ header, payload, input, signature }: CompactJws, rules: AssertionRules): SignedAssertion {
  const { kid } = header;
  const key = typeof kid === 'string' ? rules.keys.find(kid) : undefined;
  // All three are compared with what we write, so that the algorithm is never the token's choice; and no other member
  // is let through (`jwk`, `jku`, `x5c`, `x5u`, `zip`, ...), though nothing here would follow it.
  if (
    key === undefined ||
    !hasExactly(header, { alg: key.alg, typ: ASSERTION.typ, kid: key.kid }) ||
    !key.verifies(input, signature)
  ) {
    throw assertionInvalid('signature', 'is not signed with a key of this proxy');
  }
  return { key, ...parseAssertionClaims(payload, (host) => rules.servesHost(host)) };
}

/** What changes with time: keys, the clock, and the session that it speaks of. */
function judgeOurs(
  { key, user, times, sid }: SignedAssertion,
  maxAge: number | null,
  rules: AssertionRules,
): OriginalUser {
  if (rules.keys.find(key.kid) !== key) throw assertionInvalid('signature', 'is signed with a key that is gone');
  const now = Date.now() / 1000;
  const { exp, iat } = times;
  const fault = judgeTimes(times, ASSERTION_LEEWAY_SECONDS, now);
  const isLive = sid === null ? null : findLiveness(sid, now, rules);

  // Only work for a credential that is known to live may outlast the token.
  const oldest = maxAge === null ? exp : iat + maxAge;
  const end = isLive === true ? oldest : Math.min(oldest, exp);
  if (fault === 'not-yet-valid' || end + ASSERTION_LEEWAY_SECONDS <= now) {
    const why = fault === 'not-yet-valid' ? fault : 'expired';
    throw assertionInvalid(why, `is ${why}: exp ${exp}, iat ${iat}, nbf ${times.nbf}, now ${now}`);
  }
  // The stores are allow-lists: a service account or a session of which they do not know has lost its record.
  if (isLive === false || (isLive === null && user.type === 'service_account')) {
    throw assertionInvalid('revoked', 'is of a credential that was revoked');
  }
  return fault === 'expired' ? { ...user, expired: true } : user;
}

/** Whether the credential of a sid lives, a session's or a service account's token; null where neither store has anything to say. */
function findLiveness(sid: string, now: number, { store, isLiveSession }: AssertionRules): boolean | null {
  const record = store.findToken(sid);
  if (record === null) return isLiveSession(sid);
  return record.revoked_at === null && (record.expires_at ?? Infinity) > now;
}

/** A service account that was made for some routes brings what those received, and nothing else that it may have found. */
function checkPresenter(
  { audience }: OriginalUser,
  { session_id }: Caller,
  { store, routesServeHost }: AssertionRules,
): void {
  const record = store.findToken(session_id);
  const routes = record && [...record.serves, ...record.carries];
  if (routes === null || (routes.length > 0 && !routesServeHost(routes, audience))) {
    throw assertionInvalid('presenter', `is for ${JSON.stringify(audience)}, which is not the presenter's to bring`);
  }
}
