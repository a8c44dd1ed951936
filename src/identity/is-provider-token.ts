import { parseCompactJws } from './parse-compact-jws.ts';
import { MAX_IDENTITY_TOKEN_LENGTH } from './verify-identity-token.ts';

/** Whether a Bearer value claims to be of this issuer, and so is ours to judge. Nothing is verified. */
export function isProviderToken(token: string, issuer: string): boolean {
  const { iss } = parseCompactJws(token, MAX_IDENTITY_TOKEN_LENGTH)?.payload ?? {};
  return iss === issuer;
}
