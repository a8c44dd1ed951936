import {
  allowInsecureRequests,
  type Configuration,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
} from 'openid-client';
import type { Provider } from '../config/config.ts';
import { BehalfError } from '../errors.ts';
import { isProtectedUrl } from '../identity/is-protected-url.ts';
import { chooseClientAuthentication } from './choose-client-authentication.ts';
import { fetchFromProvider } from './fetch-from-provider.ts';
import { findProblem, providerUnavailable } from './translate-openid-error.ts';

/** Of one request to the provider. */
const TIMEOUT_SECONDS = 4;

/**
 * What the provider says of itself (OpenID Connect Discovery 1.0, section 4), and how it is asked from then on: within
 * 4 s a request, and with the signature of every ID token verified. Rejects with ERR_PROVIDER_UNAVAILABLE.
 */
export async function discoverProvider(
  { issuer, clientId, clientSecret }: Provider,
  clockSkewSeconds: number,
): Promise<Configuration> {
  if (!isProtectedUrl(issuer)) throw providerUnavailable(issuer, 'is neither https: nor http: on loopback');
  try {
    const metadata = { [clockTolerance]: clockSkewSeconds };
    const found = await discovery(new URL(issuer), clientId, metadata, chooseClientAuthentication(clientSecret), {
      [customFetch]: fetchFromProvider,
      timeout: TIMEOUT_SECONDS,
      // A provider with TLS leads nobody to clear text; for others our own fetch decides which http: addresses may be asked.
      execute: [enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [allowInsecureRequests] : [])],
    });
    // Section 4.3: the very issuer that was asked for, else one could speak for another.
    const { issuer: named } = found.serverMetadata();
    if (named !== issuer) throw misnamed(issuer, named);
    return found;
  } catch (error) {
    if (error instanceof BehalfError) throw error;
    const { attribute, body } = Object((error as Error).cause);
    throw attribute === 'issuer' ? misnamed(issuer, body.issuer) : providerUnavailable(issuer, findProblem(error));
  }
}

function misnamed(issuer: string, named: string): BehalfError {
  return providerUnavailable(
    issuer,
    `calls itself ${JSON.stringify(named)}: write that as idp_provider_url`,
    'provider-mismatch',
  );
}
