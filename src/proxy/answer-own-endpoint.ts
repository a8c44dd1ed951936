import { createHash } from 'node:crypto';
import type { Look } from '../pages/page.ts';
import { prefersHtml } from '../prefers-html.ts';
import type { Answer } from '../sign-in/answer.ts';
import type { OwnContext } from '../sign-in/own-context.ts';
import type { OwnRequest } from '../sign-in/own-request.ts';
import type { ProxyParts } from './build-proxy-parts.ts';
import type { Header } from './header.ts';
import { writeRefusal } from './write-refusal.ts';

const JWKS_PATH = '/.well-known/pomerium/jwks.json';

/** Answers a request for one of the proxy's own addresses: what is not there is 404. Rejects with what the sign-in does. */
export async function answerOwnEndpoint(
  { identity, browsers, look }: Pick<ProxyParts, 'identity' | 'browsers' | 'look'>,
  request: OwnRequest,
  context: OwnContext,
): Promise<Answer> {
  switch (request.path) {
    case '/ping':
    case '/healthz':
      return readOnly(request, text(200, 'OK\n'));
    case JWKS_PATH:
      return readOnly(request, unlessKnown(request, json(identity.jwks(), [['cache-control', 'max-age=60']])));
    case '/.well-known/pomerium': {
      const jwks_uri = `${request.scheme}://${request.authority}${JWKS_PATH}`;
      return readOnly(request, json({ issuer: request.host, jwks_uri, ...browsers.signIn.wellKnown }, []));
    }
    default:
      return (await browsers.signIn.answer(request, context)) ?? notFound(request, context, look);
  }
}

function notFound(request: OwnRequest, { requestId }: OwnContext, look: Look): Answer {
  if (!prefersHtml(request.header('accept') ?? '')) return text(404, 'Not Found\n');
  const refusal = { status: 404, error: 'not-found', reasons: [] };
  return writeRefusal(refusal, requestId, 'html', look);
}

function readOnly({ method }: OwnRequest, answer: Answer): Answer {
  if (method === 'GET' || method === 'HEAD') {
    return answer;
  }
  return text(405, 'Method Not Allowed\n', [['allow', 'GET, HEAD']]);
}

/** RFC 9110 section 13.1.2. */
function unlessKnown(request: OwnRequest, answer: Answer): Answer {
  const etag = `"${createHash('sha256').update(answer.body).digest('base64url')}"`;
  const headers: readonly Header[] = [...answer.headers, ['etag', etag]];
  const known = request.header('if-none-match')?.split(',') ?? [];
  const isKnown = known.some((tag) => tag.trim().replace(/^W\//, '') === etag);
  return isKnown ? { status: 304, headers, body: '' } : { ...answer, headers };
}

function json(value: unknown, headers: readonly Header[]): Answer {
  return {
    status: 200,
    headers: [['content-type', 'application/json'], ['access-control-allow-origin', '*'], ...headers],
    body: JSON.stringify(value),
  };
}

function text(status: number, body: string, headers: readonly Header[] = []): Answer {
  return { status, headers: [['content-type', 'text/plain; charset=utf-8'], ...headers], body };
}
