import { lookup as lookUp } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { BehalfError } from '../errors.ts';
import { readMember } from './read-member.ts';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 64 * 1024;
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
  const hint = status === 404 ? ': it is no site of Behalf where people sign in by browser' : '';
  throw failed(`${url.origin} answers ${status}${description === null ? hint : `: ${description}`}`);
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
    const why = error instanceof AggregateError ? error.errors[0] : error;
    throw failed(`${url.origin} does not answer: ${why instanceof Error ? why.message : String(why)}`, error);
  } finally {
    await agent.destroy();
  }
}

/** Names under `localhost` are this machine's (RFC 6761, section 6.3), as browsers have it; not every resolver knows. */
const lookup: LookupFunction = (host, options, callback) => {
  lookUp(/(?:^|\.)localhost\.?$/i.test(host) ? 'localhost' : host, options, callback);
};

function failed(message: string, cause?: unknown): BehalfError {
  return new BehalfError('ERR_LOGIN_FAILED', message, { cause });
}
