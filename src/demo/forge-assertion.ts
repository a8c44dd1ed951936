import type { KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

/** The same token, `kid` and all, but for these claims, and signed with this key. */
export async function forgeAssertion(token: string, key: KeyObject, changes: JWTPayload): Promise<string> {
  return await new SignJWT({ ...decodeJwt(token), ...changes })
    .setProtectedHeader(decodeProtectedHeader(token) as JWTHeaderParameters)
    .sign(key);
}
