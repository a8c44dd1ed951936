import type { OriginalUser } from '../engine/documents.ts';
import { flattenClaims } from './flatten-claims.ts';
import { assertionInvalid } from './identity-errors.ts';
import { judgeTimes, type TokenTimes } from './judge-times.ts';

/** What an assertion says, whatever the time and whoever its issuer. */
export interface AssertionContent {
  readonly user: OriginalUser;
  readonly times: TokenTimes & { readonly exp: number; readonly iat: number };
  /** Null where it names none. */
  readonly sid: string | null;
}

/**
 * The claims that every assertion has (DESIGN "Original user context"), and their types; `aud` is a string or a list of
 * one. Throws ERR_ASSERTION_INVALID (`malformed`), also for one that lives longer than `maxLifeSeconds`.
 */
export function readAssertion(payload: Readonly<Record<string, unknown>>, maxLifeSeconds: number): AssertionContent {
  const { iss, aud, sub, jti, sid, caller_type: type, exp, iat, nbf, email = '', name = '', groups = [] } = payload;
  const audience: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud;
  const claims = flattenClaims(payload);
  if (
    claims === null ||
    !isNumber(exp) ||
    !isNumber(iat) ||
    judgeTimes({ exp, iat, nbf }, 0, 0) === 'malformed' ||
    exp - iat > maxLifeSeconds ||
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
  return {
    user: { type, id: sub, email, name, groups, claims, issuer: iss, audience, expires_at: exp, expired: false },
    times: { exp, iat, nbf },
    sid: sid ?? null,
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isListOfStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
