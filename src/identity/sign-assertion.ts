import { randomUUID } from 'node:crypto';
import { CompactSign } from 'jose';
import type { AssertionClaims } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import type { SigningKey } from './load-signing-key.ts';
import { parseAssertionClaims } from './parse-assertion-claims.ts';
import { parseCompactJws } from './parse-compact-jws.ts';
import { ASSERTION } from './token-kinds.ts';

const LIFE_SECONDS = 300;

/**
 * An assertion of these claims with `jti`, `iat` and `exp` added: five minutes, or less where the caller's credential
 * ends before (`expiresAt`, seconds since 1970). Rejects with ERR_ENGINE_DECISION for one that `verifyAssertion` would
 * not take: a host that is not ours, a claim missing, a caller who has ended, more than 8 KiB.
 */
export async function signAssertion(
  claims: AssertionClaims,
  expiresAt: number | null,
  key: SigningKey,
  servesHost: (host: string) => boolean,
): Promise<string> {
  const now = Date.now() / 1000;
  const iat = Math.floor(now);
  const exp = Math.min(iat + LIFE_SECONDS, Math.floor(expiresAt ?? Infinity));
  if (exp <= iat) throw refused('expired', 'the caller has ended');

  const payload = Buffer.from(JSON.stringify({ ...claims, jti: randomUUID(), iat, exp }));
  const header = { alg: key.alg, typ: ASSERTION.typ, kid: key.kid };
  const token = await new CompactSign(payload).setProtectedHeader(header).sign(key.privateKey);
  if (token.length > ASSERTION.maxLength) {
    throw refused('headers-too-large', `it is longer than ${ASSERTION.maxLength} characters`);
  }

  // Judged as written, by the code that will judge it on its way back: what we sign, we take.
  const jws = parseCompactJws(token, ASSERTION.maxLength);
  if (jws === null) throw refused('malformed', 'it is not text');
  try {
    parseAssertionClaims(jws.payload, servesHost, now);
  } catch (cause) {
    if (!(cause instanceof BehalfError)) throw cause;
    throw refused(cause.reason ?? 'malformed', cause.message, cause);
  }
  return token;
}

function refused(reason: string, problem: string, cause?: unknown): BehalfError {
  return new BehalfError('ERR_ENGINE_DECISION', `no assertion was signed: ${problem}`, { reason, cause });
}
