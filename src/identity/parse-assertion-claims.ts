import { assertionInvalid } from './identity-errors.ts';
import { type AssertionContent, readAssertion } from './read-assertion.ts';

const MAX_LIFE_SECONDS = 600;
/** For the clocks of several proxies that share their keys. */
export const ASSERTION_LEEWAY_SECONDS = 5;
const URI_ISSUER = /^https:\/\/([^/]+)\/$/;

/** The host of an issuer in either `jwt_issuer_format`, `api.example.com` or `https://api.example.com/`; other text as it is. */
export function hostOfIssuer(issuer: string): string {
  return URI_ISSUER.exec(issuer)?.[1] ?? issuer;
}

/**
 * What an assertion of ours says, by the rules of DESIGN "Original user context" but for its time; only a verified one
 * may be believed. Both ways go through here, what we verify and what we are about to sign, so that the one always takes
 * the other. Throws ERR_ASSERTION_INVALID.
 */
export function parseAssertionClaims(
  payload: Readonly<Record<string, unknown>>,
  servesHost: (host: string) => boolean,
): AssertionContent {
  const content = readAssertion(payload, MAX_LIFE_SECONDS);
  const { issuer, audience } = content.user;
  if (!servesHost(hostOfIssuer(issuer))) {
    throw assertionInvalid('issuer', `is of ${JSON.stringify(issuer)}, no host of this proxy`);
  }
  if (!servesHost(audience)) {
    throw assertionInvalid('audience', `is for ${JSON.stringify(audience)}, no host of this proxy`);
  }
  return content;
}
