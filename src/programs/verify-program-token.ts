import { type KeyObject, timingSafeEqual } from 'node:crypto';
import { credentialInvalid } from '../identity/identity-errors.ts';
import { parseCompactJws } from '../identity/parse-compact-jws.ts';
import { signHs256 } from '../identity/sign-hs256.ts';
import { hasExactly, PROGRAM } from '../identity/token-kinds.ts';
import type { ProgramToken } from './sign-program-token.ts';

const { alg, typ, maxLength } = PROGRAM;

/**
 * What a program's token says, on the host that it is for. Whether that session still lives is not known here.
 *
 * @param host lower-case, no port
 * @param key derived for programs
 * @throws BehalfError ERR_CREDENTIAL_INVALID
 */
export function verifyProgramToken(token: string, host: string, key: KeyObject): ProgramToken {
  const jws = parseCompactJws(token, maxLength);
  if (jws === null) throw credentialInvalid('malformed', `is no compact JWS of at most ${maxLength} characters`);
  const { header, payload, input, signature } = jws;
  const expected = signHs256(input, key);
  const isOurs = signature.byteLength === expected.byteLength && timingSafeEqual(signature, expected);
  if (!isOurs || !hasExactly(header, { alg, typ })) {
    throw credentialInvalid('forged', 'is not a token for a program signed by this proxy');
  }
  const { sub, sid, aud, exp } = payload;
  if (typeof sub !== 'string' || typeof sid !== 'string' || typeof aud !== 'string' || !Number.isSafeInteger(exp)) {
    throw credentialInvalid('malformed', 'has claims that are missing or of another type');
  }
  const expiresAt = Number(exp);
  if (aud !== host) throw credentialInvalid('audience', `is for ${JSON.stringify(aud)}, and no other host`);
  if (expiresAt <= Date.now() / 1000) throw credentialInvalid('expired', `of ${JSON.stringify(sub)} has expired`);
  return { sub, sid, host, expiresAt };
}
