import type { IncomingHttpHeaders } from 'node:http';
import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { fingerprint } from './fingerprint.ts';

/** What the demo's apps know of the proxy before which they stand. docs/verify.md is for apps of your own. */
export interface Trust {
  /** The proxy's keys: `createRemoteJWKSet(new URL('https://PROXY/.well-known/pomerium/jwks.json'))`, made once. */
  readonly keys: JWTVerifyGetKey;
  /** The host of this app's own route: the one issuer and the one audience of the Assertion. */
  readonly host: string;
  /** The hosts of the apps whose users may be acted for here: the issuers and audiences of -For. */
  readonly actsForUsersOf: readonly string[];
}

export interface Identity {
  readonly type: 'user' | 'service_account';
  readonly id: string;
  /** "" for a service account. */
  readonly email: string;
  /** The host for which the proxy signed. */
  readonly audience: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** All that the assertion says. */
  readonly claims: JWTPayload;
  /** Of the assertion: where two have the same, the same bytes came. */
  readonly fingerprint: string;
}

export interface Identities {
  /** Who sends this request. */
  readonly caller: Identity;
  /** On whose behalf; null where the caller acts for itself. */
  readonly originalUser: Identity | null;
}

/**
 * Verifies `X-Pomerium-Jwt-Assertion` (who calls) and `X-Pomerium-Jwt-Assertion-For` (on whose behalf).
 * Throws an error of jose's, or an `Error`, for anything but a full proof: answer such a request with a refusal.
 */
export async function verifyHeaders(headers: IncomingHttpHeaders, trust: Trust): Promise<Identities> {
  // Node joins a repeated header with a comma, which no token survives: two values are never one proof.
  const assertion = headers['x-pomerium-jwt-assertion'];
  const assertionFor = headers['x-pomerium-jwt-assertion-for'];
  if (typeof assertion !== 'string') throw new Error('no X-Pomerium-Jwt-Assertion: not a request of the proxy');
  const caller = await verifyAssertion(assertion, trust);
  const originalUser = typeof assertionFor === 'string' ? await verifyAssertionFor(assertionFor, trust) : null;
  return { caller, originalUser };
}

// Two functions on purpose. An Assertion for another app, taken for one of ours, would let whoever has seen it be the
// caller here; a -For was signed for another app by nature, so it is judged by a list, and never names the caller.

/** Signed for this app, and for no other. */
async function verifyAssertion(token: string, { keys, host }: Trust): Promise<Identity> {
  const { payload } = await jwtVerify(token, keys, { ...PINNED, issuer: host, audience: host });
  return identityOf(token, payload);
}

/** Signed for one of the apps whose users we expect. */
async function verifyAssertionFor(token: string, { keys, actsForUsersOf }: Trust): Promise<Identity> {
  const hosts = [...actsForUsersOf];
  const { payload } = await jwtVerify(token, keys, { ...PINNED, issuer: hosts, audience: hosts });
  return identityOf(token, payload);
}

/** The algorithm is ours to name, never the token's (RFC 8725 section 3.1); a token without an end is no proof. */
const PINNED = { algorithms: ['ES256'], typ: 'JWT', requiredClaims: ['sub', 'iat', 'exp'], clockTolerance: 5 };

function identityOf(token: string, claims: JWTPayload): Identity {
  const { sub = '', email, aud, exp = 0, caller_type: type } = claims;
  // Without a name there is nobody: jose asks only that the claim is there.
  if (sub === '') throw new Error('the assertion names nobody');
  if (type !== 'user' && type !== 'service_account') throw new Error('the assertion does not say who calls');
  return {
    type,
    id: sub,
    email: typeof email === 'string' ? email : '',
    audience: String(aud),
    expiresAt: exp,
    claims,
    fingerprint: fingerprint(token),
  };
}
