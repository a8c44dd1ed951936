import { lookup as lookUp } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { BehalfError } from '../errors.ts';
import { noSite } from './no-site.ts';
import { readMember } from './read-member.ts';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 64 * 1024;
const CLEAR_TEXT = ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'];
const UNKNOWN_AUTHORITY = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/**
 * What a site answers to a GET, or to a POST of a form. Redirects are not followed: a code goes where it was meant to.
 *
 * @throws BehalfError ERR_LOGIN_FAILED for everything but a 200
 */
export async function askSite(url: URL, form: URLSearchParams | null = null): Promise<string> {
  const { status, location, text } = await send(url, form);
  if (status === 200) return text;
  if (location !== null) throw failed(`${url.origin} sends programs on to ${location}: give that address`);
  const description = readMember(text, 'error_description');
  if (status === 404 && description === null) throw noSite(url);
  throw failed(`${url.origin} answers ${status}${description === null ? '' : `: ${description}`}`);
}

interface Answered {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
}

async function send(url: URL, form: URLSearchParams | null): Promise<Answered> {
  const agent = new Agent({ connect: { lookup }, maxResponseSize: MAX_BYTES });
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher: agent,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(form === null ? {} : { method: 'POST', headers: FORM, body: form.toString() }),
    });
    const [location = null] = [headers['location'] ?? []].flat();
    return { status: statusCode, location, text: await body.text() };
  } catch (error) {
    throw failed(`${url.origin} does not answer: ${explain(error)}`, error);
  } finally {
    await agent.destroy();
  }
}

/** Without Node's words for whoever runs Node, and OpenSSL's for those who wrote it. */
function explain(error: unknown): string {
  const { code, message } = error instanceof AggregateError ? error.errors[0] : Object(error);
  if (CLEAR_TEXT.includes(code)) return 'it speaks no TLS there; for a proxy on this machine write http:';
  if (UNKNOWN_AUTHORITY.includes(code)) {
    return 'this machine does not trust the authority of its certificate: have it trusted, or name its file in NODE_EXTRA_CA_CERTS';
  }
  return message ?? String(error);
}

/** Names under `localhost` are this machine's (RFC 6761, section 6.3), as browsers have it; not every resolver knows. */
const lookup: LookupFunction = (host, options, callback) => {
  lookUp(/(?:^|\.)localhost\.?$/i.test(host) ? 'localhost' : host, options, callback);
};

function failed(message: string, cause?: unknown): BehalfError {
  return new BehalfError('ERR_LOGIN_FAILED', message, { cause });
}
