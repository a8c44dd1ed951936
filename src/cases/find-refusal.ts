import { randomUUID } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { AssertionClaims, Decision, InputDocument } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import { parseSigningKey } from '../identity/parse-signing-key.ts';
import { ASSERTION } from '../identity/token-kinds.ts';
import { writeCompactJws } from '../identity/write-compact-jws.ts';
import { applyRequestHeaders } from '../proxy/apply-request-headers.ts';
import { weighHeaders } from '../proxy/weigh-headers.ts';

/** Of a thumbprint and of a signature by ES256, which a key of `state_dir` makes unless another was asked for. */
const KID_CHARS = 43;
const SIGNATURE_BYTES = 64;

/**
 * Why the proxy refuses a request all the same that its policy allows: ERR_HEADERS_TOO_LARGE, with assertions as long as
 * they would be, or ERR_ENGINE_DECISION. Null where it does not.
 */
export function findRefusal(
  { routes, signingKeys }: Pick<Config, 'routes' | 'signingKeys'>,
  { route: { id }, request: { host }, caller }: InputDocument,
  { allow, request_headers }: Decision,
  headerTexts: readonly string[],
): BehalfError | null {
  // What redirects sends nothing on.
  if (!allow || routes.find((route) => route.id === id)?.redirect !== null) return null;
  const added = request_headers.filter(({ action }) => action !== 'carry');
  const facts = { host, caller, original: null, unverified: null, session: null, headerTexts };
  try {
    weighHeaders(applyRequestHeaders([], added, facts, openSigner(signingKeys)), added);
    return null;
  } catch (error) {
    if (!(error instanceof BehalfError)) throw error;
    return error;
  }
}

/** Of assertions that are good for nothing but their length. */
function openSigner([pem]: Config['signingKeys']): { signAssertion(claims: AssertionClaims): string } {
  const key = pem === undefined ? null : parseSigningKey(pem);
  const header = { alg: key?.alg ?? 'ES256', typ: ASSERTION.typ, kid: key?.kid ?? '-'.repeat(KID_CHARS) };
  const seconds = Math.floor(Date.now() / 1000);
  const times = { jti: randomUUID(), iat: seconds, exp: seconds };
  const sign = (input: string) => key?.sign(input) ?? Buffer.alloc(SIGNATURE_BYTES);
  return { signAssertion: (claims) => writeCompactJws(header, { ...claims, ...times }, sign) };
}
