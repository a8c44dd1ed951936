import type { OriginalUser } from '../engine/documents.ts';
import { assertionInvalid } from './identity-errors.ts';
import type { SignatureJudge } from './judge-by-keys.ts';
import { judgeTimes } from './judge-times.ts';
import type { Store } from './open-store.ts';
import type { CompactJws } from './parse-compact-jws.ts';
import { readAssertion } from './read-assertion.ts';
import { ASSERTION, hasExactly } from './token-kinds.ts';
import { withoutUnverifiedEmail } from './without-unverified-email.ts';

/** What another proxy's assertions must be like to be carried here. */
export interface ForeignRules {
  readonly issuer: string;
  /** Of which an assertion must name one. */
  readonly audiences: readonly string[];
  /** The email domains that the issuer may speak for, lower-case. */
  readonly domains: readonly string[];
  readonly maxLifetimeSeconds: number;
  readonly clockSkewSeconds: number;
}

/**
 * Whom an assertion of a trusted issuer is about: a person with an email address of the issuer's domains, and nobody
 * else. `jws` is what `token` holds and names `rules.issuer`, whose keys `judge` knows. Rejects with
 * ERR_ASSERTION_INVALID, whose `reason` is the `original_user_error`, ERR_IDENTITY_UNAVAILABLE or ERR_STATE_UNUSABLE.
 */
export async function verifyForeignAssertion(
  token: string,
  { header, payload }: CompactJws,
  rules: ForeignRules,
  judge: SignatureJudge,
  store: Store,
): Promise<OriginalUser> {
  const issuer = JSON.stringify(rules.issuer);
  // As Behalf and Pomerium write it: upstreams read the header too, and some library there may follow `jku` or `x5u`.
  const { alg, kid } = header;
  const isPlain = hasExactly(header, { alg: String(alg), typ: ASSERTION.typ, kid: String(kid) });
  if (!isPlain || (await judge(token)) !== 'signed') {
    throw assertionInvalid('signature', `is not signed with a key of ${issuer}`);
  }

  // Pomerium knows no service accounts among its users, and says nothing.
  const said = { caller_type: 'user', ...withoutUnverifiedEmail(payload) };
  const { user, times } = readAssertion(said, rules.maxLifetimeSeconds);
  if (!rules.audiences.includes(user.audience)) {
    throw assertionInvalid('audience', `of ${issuer} is for ${JSON.stringify(user.audience)}`);
  }
  const fault = judgeTimes(times, rules.clockSkewSeconds, Date.now() / 1000);
  if (fault !== null)
    throw assertionInvalid(fault, `is ${fault}: exp ${times.exp}, iat ${times.iat}, nbf ${times.nbf}`);
  if (user.type !== 'user' || !isOf(rules.domains, user.email) || namesOneOfOurs(user.id, payload['user'], store)) {
    throw assertionInvalid('issuer', `is about somebody for whom ${issuer} may not speak`);
  }
  // Two issuers may give one `sub` to two people (OpenID Connect Core 1.0, section 5.7): a policy that names a person of
  // our provider does not mean a stranger's namesake. The last slash is the one between, so that of the issuers `a` and
  // `a/b` neither can name the other's people.
  return { ...user, id: `${rules.issuer}/${user.id.replaceAll(/[%/]/g, encodeURIComponent)}` };
}

function isOf(domains: readonly string[], email: string): boolean {
  const [person, domain = '', ...rest] = email.split('@');
  // Some letters of other alphabets have one of ours as their lower case.
  return person !== '' && /^[\x21-\x7e]+$/.test(domain) && rest.length === 0 && domains.includes(domain.toLowerCase());
}

/** Pomerium writes `sub` a second time as `user`, and either is what an upstream may read. */
function namesOneOfOurs(sub: string, user: unknown, store: Store): boolean {
  return [sub, user].some((id) => typeof id === 'string' && store.knowsServiceAccount(id));
}
