import { randomUUID } from 'node:crypto';
import type { AssertionClaims } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import { judgeTimes } from './judge-times.ts';
import { ASSERTION_LEEWAY_SECONDS, parseAssertionClaims } from './parse-assertion-claims.ts';
import { parseCompactJws } from './parse-compact-jws.ts';
import type { SigningKey } from './parse-signing-key.ts';
import { ASSERTION } from './token-kinds.ts';
import { writeCompactJws } from './write-compact-jws.ts';

export const ASSERTION_LIFE_SECONDS = 300;

/**
 * An assertion of these claims with `jti`, `iat` and `exp` added: five minutes, or less where the caller's credential
 * ends before (`expiresAt`, seconds since 1970). Throws ERR_ENGINE_DECISION for one that `verifyAssertion` would not
 * take: a host that is not ours, a claim missing, a caller who has ended; ERR_HEADERS_TOO_LARGE for more than 8 KiB.
 */
export function signAssertion(
  claims: AssertionClaims,
  expiresAt: number | null,
  key: SigningKey,
  servesHost: (host: string) => boolean,
): { readonly token: string; readonly exp: number } {
  const now = Date.now() / 1000;
  const iat = Math.floor(now);
  const exp = Math.min(iat + ASSERTION_LIFE_SECONDS, Math.floor(expiresAt ?? Infinity));
  if (exp <= iat) throw refused('expired', 'the caller has ended');

  const header = { alg: key.alg, typ: ASSERTION.typ, kid: key.kid };
  const token = writeCompactJws(header, { ...claims, jti: randomUUID(), iat, exp }, (input) => key.sign(input));
  if (token.length > ASSERTION.maxLength) {
    const size = `an assertion of ${token.length} bytes, and ${ASSERTION.maxLength} are the limit`;
    throw new BehalfError('ERR_HEADERS_TOO_LARGE', size, { reason: 'headers-too-large' });
  }

  // Judged as written, by the code that will judge it on its way back: what we sign, we take.
  const jws = parseCompactJws(token, ASSERTION.maxLength);
  if (jws === null) throw refused('malformed', 'it is not text');
  try {
    const { times } = parseAssertionClaims(jws.payload, servesHost);
    const fault = judgeTimes(times, ASSERTION_LEEWAY_SECONDS, now);
    if (fault !== null) throw refused(fault, `it is ${fault}`);
  } catch (cause) {
    if (!(cause instanceof BehalfError) || cause.code !== 'ERR_ASSERTION_INVALID') throw cause;
    throw refused(cause.reason ?? 'malformed', cause.message, cause);
  }
  return { token, exp };
}

function refused(reason: string, problem: string, cause?: unknown): BehalfError {
  return new BehalfError('ERR_ENGINE_DECISION', `no assertion was signed: ${problem}`, { reason, cause });
}
