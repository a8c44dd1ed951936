import { parseCompactJws } from './parse-compact-jws.ts';
import { PROGRAM, SERVICE_ACCOUNT } from './token-kinds.ts';
import { MAX_PROVIDER_TOKEN_LENGTH } from './verify-provider-token.ts';

/**
 * Whose token this claims to be, a service account's or a program's of ours, or the provider's (`issuer`, null where its
 * tokens are not read); null for anyone else's. Nothing is verified.
 */
export function findTokenKind(
  token: string,
  issuer: string | null,
): 'service_account' | 'program_token' | 'provider_token' | null {
  const jws = parseCompactJws(token, MAX_PROVIDER_TOKEN_LENGTH, 'left');
  if (jws?.header['typ'] === SERVICE_ACCOUNT.typ) return 'service_account';
  if (jws?.header['typ'] === PROGRAM.typ) return 'program_token';
  return jws !== null && issuer !== null && jws.payload['iss'] === issuer ? 'provider_token' : null;
}
