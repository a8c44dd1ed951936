import type { OriginalUser } from '../engine/documents.ts';
import { flattenClaims } from './flatten-claims.ts';
import { assertionInvalid } from './identity-errors.ts';
import { judgeTimes } from './judge-times.ts';

const MAX_LIFE_SECONDS = 600;
const LEEWAY_SECONDS = 5;

/**
 * What an assertion of ours says, by the rules of DESIGN "Original user context"; only a verified one may be believed.
 * Both ways go through here, what we verify and what we are about to sign, so that the one always takes the other.
 * `now` is in seconds since 1970. Throws ERR_ASSERTION_INVALID.
 */
export function parseAssertionClaims(
  payload: Readonly<Record<string, unknown>>,
  servesHost: (host: string) => boolean,
  now: number,
): OriginalUser {
  const { iss, aud, sub, jti, sid, caller_type: type, exp, iat, nbf, email = '', name = '', groups = [] } = payload;
  const audience: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud;
  const claims = flattenClaims(payload);
  const fault = judgeTimes({ exp, iat, nbf }, LEEWAY_SECONDS, now);
  if (
    claims === null ||
    fault === 'malformed' ||
    Number(exp) - Number(iat) > MAX_LIFE_SECONDS ||
    !isFilled(iss) ||
    !isFilled(audience) ||
    !isFilled(sub) ||
    !isFilled(jti) ||
    !(sid === undefined || typeof sid === 'string') ||
    !(type === 'user' || type === 'service_account') ||
    typeof email !== 'string' ||
    typeof name !== 'string' ||
    !isListOfStrings(groups)
  ) {
    throw assertionInvalid('malformed', 'has claims that are missing, of another type, or too long-lived');
  }
  if (!servesHost(iss)) throw assertionInvalid('issuer', `is of ${JSON.stringify(iss)}, no host of this proxy`);
  if (!servesHost(audience))
    throw assertionInvalid('audience', `is for ${JSON.stringify(audience)}, no host of this proxy`);
  if (fault !== null) throw assertionInvalid(fault, `is ${fault}: exp ${exp}, iat ${iat}, nbf ${nbf}, now ${now}`);
  return {
    type,
    id: sub,
    email,
    name,
    groups,
    claims,
    issuer: iss,
    audience,
    expires_at: Number(exp),
    expired: false,
  };
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isListOfStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
