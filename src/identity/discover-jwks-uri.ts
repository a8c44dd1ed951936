import { fetchJson } from './fetch-json.ts';
import { identityUnavailable } from './identity-errors.ts';

/**
 * Where the provider publishes its keys (OpenID Connect Discovery 1.0, section 4). The document must name the very
 * issuer that was asked for (section 4.3), else one issuer could speak for another. Rejects with
 * ERR_IDENTITY_UNAVAILABLE.
 */
export async function discoverJwksUri(issuer: string, closed: AbortSignal): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const { issuer: named, jwks_uri: jwksUri } = await fetchJson(url, closed);
  if (named !== issuer) {
    throw identityUnavailable(
      `${JSON.stringify(url)} is of issuer ${JSON.stringify(named)}, not ${JSON.stringify(issuer)}`,
    );
  }
  if (typeof jwksUri !== 'string') throw identityUnavailable(`${JSON.stringify(url)} has no jwks_uri`);
  return jwksUri;
}
