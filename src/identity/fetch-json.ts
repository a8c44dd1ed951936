import { BehalfError } from '../errors.ts';
import { identityUnavailable } from './identity-errors.ts';
import { isProtectedUrl } from './is-protected-url.ts';
import { parseStrictJson } from './parse-strict-json.ts';
import { readBody } from './read-body.ts';

const TIMEOUT_MS = 5000;
const MAX_BYTES = 256 * 1024;

/**
 * A JSON object that an issuer publishes: from `https:`, or `http:` on loopback, within 5 s, of at most 256 KiB, and
 * from this address itself: a redirect is a failure. Rejects with ERR_IDENTITY_UNAVAILABLE.
 */
export async function fetchJson(url: string, closed: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
  const shown = JSON.stringify(url);
  if (!isProtectedUrl(url)) throw identityUnavailable(`${shown} is neither https: nor http: on loopback`);
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.any([closed, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const read = () => readBody(response, MAX_BYTES, () => new Error(`more than ${MAX_BYTES} bytes`));
    const object = response.status === 200 ? parseStrictJson(await read()) : null;
    if (object !== null) return object;
    await response.body?.cancel();
    throw identityUnavailable(`${shown} answered with status ${response.status}, not with 200 and a JSON object`);
  } catch (cause) {
    if (cause instanceof BehalfError) throw cause;
    // fetch says "fetch failed", and keeps what did to itself.
    const { cause: root = cause } = cause as Error;
    throw identityUnavailable(`${shown} could not be fetched: ${root}`, cause);
  }
}
