export interface TokenTimes {
  readonly exp: unknown;
  readonly iat: unknown;
  readonly nbf: unknown;
}

/**
 * What is wrong with a token's times (RFC 7519, section 4.1), or null. `exp` and `iat` must be there, in this order.
 * `leewaySeconds` is how far the two clocks may be apart; `now` is in seconds since 1970.
 */
export function judgeTimes(
  { exp, iat, nbf = iat }: TokenTimes,
  leewaySeconds: number,
  now: number,
): 'malformed' | 'expired' | 'not-yet-valid' | null {
  if (!isNumericDate(exp) || !isNumericDate(iat) || !isNumericDate(nbf) || exp <= iat) return 'malformed';
  if (exp + leewaySeconds <= now) return 'expired';
  if (Math.max(iat, nbf) > now + leewaySeconds) return 'not-yet-valid';
  return null;
}

/** `1e999` is valid JSON and reads as Infinity. */
function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
