import type { Answer } from '../sign-in/answer.ts';
import type { OwnRequest } from '../sign-in/own-request.ts';
import { parseRedirectUri } from './parse-redirect-uri.ts';
import { CONSENT_PATH } from './paths.ts';
import type { ProgramsParts } from './programs-parts.ts';
import { refuseProgram } from './refuse-program.ts';

/** For whoever has to sign in first. */
const LIFE_SECONDS = 600;
/** SHA-256 in base64url. */
const CHALLENGE = /^[\w-]{43}$/;

/**
 * `/.pomerium/api/v1/login?pomerium_redirect_uri=...&code_challenge=...&code_challenge_method=S256` on a route's host: the
 * address to open in a browser, as text. As Pomerium's, but that the program has to prove with its code that it is the one
 * that asked.
 */
export function answerProgramLogin(
  { authenticateServiceUrl, seals }: ProgramsParts,
  { host, query }: OwnRequest,
): Answer {
  const [asked, ...others] = query.getAll('pomerium_redirect_uri');
  if (asked === undefined) return refuseProgram('invalid_request', 'pomerium_redirect_uri is missing', 404);
  const redirectUri = others.length > 0 ? null : parseRedirectUri(asked);
  if (redirectUri === null) {
    return refuseProgram(
      'invalid_request',
      'pomerium_redirect_uri must be one http: address on loopback, as http://127.0.0.1:PORT/PATH, without user, fragment, code and error',
    );
  }
  const [codeChallenge = '', ...further] = query.getAll('code_challenge');
  const methods = query.getAll('code_challenge_method');
  if (further.length > 0 || !CHALLENGE.test(codeChallenge) || methods.join() !== 'S256') {
    return refuseProgram(
      'invalid_request',
      'code_challenge must be the SHA-256 of a code_verifier in base64url, and code_challenge_method S256 (RFC 7636)',
    );
  }
  const sealed = seals.request.seal({ host, redirectUri: redirectUri.href, codeChallenge }, LIFE_SECONDS);
  return {
    status: 200,
    headers: [
      ['content-type', 'text/plain; charset=utf-8'],
      ['x-content-type-options', 'nosniff'],
    ],
    body: `${authenticateServiceUrl.origin}${CONSENT_PATH}?request=${sealed}`,
  };
}
