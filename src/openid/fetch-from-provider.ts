import type { CustomFetch } from 'openid-client';
import { BehalfError } from '../errors.ts';
import { isProtectedUrl } from '../identity/is-protected-url.ts';
import { readBody } from '../identity/read-body.ts';

const MAX_BYTES = 256 * 1024;
/** Fetch, section 2.2.3: statuses that come without a body. */
const BODILESS = [204, 205, 304];

/**
 * fetch for openid-client: from `https:`, or `http:` on loopback, wherever the provider's documents point, with answers
 * of at most 256 KiB. Rejects with ERR_PROVIDER_UNAVAILABLE for others, else as fetch does.
 */
export const fetchFromProvider: CustomFetch = async (url, { signal = null, body = null, ...options }) => {
  if (!isProtectedUrl(url)) throw unusable(`${JSON.stringify(url)} is neither https: nor http: on loopback`);
  const response = await fetch(url, { ...options, body, signal });
  const bytes = await readBody(response, MAX_BYTES, () =>
    unusable(`${JSON.stringify(response.url)} answers with more than ${MAX_BYTES} bytes`),
  );
  const { status, statusText, headers } = response;
  return new Response(BODILESS.includes(status) ? null : bytes, { status, statusText, headers });
};

function unusable(problem: string): BehalfError {
  return new BehalfError('ERR_PROVIDER_UNAVAILABLE', `the identity provider: ${problem}`);
}
