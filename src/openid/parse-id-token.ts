import { type CompactJws, parseCompactJws } from '../identity/parse-compact-jws.ts';
import { matchesAtHash } from './matches-at-hash.ts';
import { signInFailed } from './translate-openid-error.ts';

const MAX_LENGTH = 128 * 1024;

/**
 * The ID token of a response, which openid-client has verified, read once more as strictly as all tokens are here.
 * Throws ERR_SIGN_IN_FAILED with reason `id-token`.
 *
 * @param accessToken what came with it, whose hash it may hold; null where it came earlier
 */
export function parseIdToken(token: string, clientId: string, accessToken: string | null): CompactJws {
  // A person chooses some of these texts, as their name, and is not locked out by a character of it.
  const jws = parseCompactJws(token, MAX_LENGTH, 'left');
  if (jws === null) throw unbelievable('it is no strict compact JWS');
  const { at_hash: atHash, azp = clientId } = jws.payload;
  // OpenID Connect Core 1.0, section 3.1.3.7, step 5: openid-client looks at it only where there are several audiences.
  if (azp !== clientId) throw unbelievable('its azp is another client');
  if (accessToken !== null && atHash !== undefined && !matchesAtHash(atHash, accessToken, jws.header['alg'])) {
    throw unbelievable('its at_hash is of another access token');
  }
  return jws;
}

function unbelievable(problem: string): Error {
  return signInFailed('id-token', `cannot be believed: of the provider's ID token, ${problem}`);
}
