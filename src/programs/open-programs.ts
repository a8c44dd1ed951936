import { deriveKey } from '../identity/derive-key.ts';
import { answerEndpoint, type Endpoint } from '../sign-in/answer-endpoint.ts';
import { openCookies } from '../sign-in/cookies.ts';
import type { OwnEndpoints } from '../sign-in/own-context.ts';
import type { OwnRequest } from '../sign-in/own-request.ts';
import { openSeal } from '../sign-in/seal.ts';
import { answerConsent } from './answer-consent.ts';
import { answerProgramLogin } from './answer-program-login.ts';
import { answerProgramToken } from './answer-program-token.ts';
import { CONSENT_PATH, LOGIN_PATH, TOKEN_PATH } from './paths.ts';
import type { ProgramsOptions, ProgramsParts } from './programs-parts.ts';

/**
 * How a program comes to act as somebody: it asks on the host that it wants to use, they say yes on the authenticate host,
 * a code goes to the program's loopback address (RFC 8252, section 7.3), and for that it gets a token for that host alone.
 */
export function openPrograms(options: ProgramsOptions): OwnEndpoints {
  const { session, sharedSecret, authenticateServiceUrl, servesHost } = options;
  const parts: ProgramsParts = {
    ...options,
    cookies: openCookies(session),
    seals: { request: openSeal(sharedSecret, 'programRequest'), code: openSeal(sharedSecret, 'programCode') },
    key: deriveKey(sharedSecret, 'program'),
  };
  const ofRoutes: ReadonlyMap<string, Endpoint> = new Map([
    [LOGIN_PATH, { methods: ['GET', 'HEAD'], answer: (request) => answerProgramLogin(parts, request) }],
    [TOKEN_PATH, { methods: ['POST'], answer: (request, context) => answerProgramToken(parts, request, context) }],
  ]);
  const ofAuthority: ReadonlyMap<string, Endpoint> = new Map([
    [
      CONSENT_PATH,
      { methods: ['GET', 'HEAD', 'POST'], answer: (request, context) => answerConsent(parts, request, context) },
    ],
  ]);
  const find = ({ host, path }: OwnRequest): Endpoint | undefined => {
    if (host === authenticateServiceUrl.hostname) return ofAuthority.get(path);
    return servesHost(host) ? ofRoutes.get(path) : undefined;
  };
  return {
    async answer(request, context) {
      const endpoint = find(request);
      return endpoint === undefined ? null : await answerEndpoint(endpoint, request, context);
    },
  };
}
