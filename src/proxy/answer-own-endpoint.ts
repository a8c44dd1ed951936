import { createHash } from 'node:crypto';
import { isOwnPath } from '../is-own-path.ts';
import type { Answer } from './answer.ts';
import type { Scheme } from './find-scheme.ts';
import type { Header } from './header.ts';
import type { ClientRequest } from './read-request.ts';

const JWKS_PATH = '/.well-known/pomerium/jwks.json';

/**
 * The proxy's own endpoints, on every host, before any route; null for every other path.
 *
 * @param scheme how clients reach the host
 * @param jwks gives the public keys that are published now
 */
export function answerOwnEndpoint(
  request: ClientRequest,
  scheme: Scheme,
  jwks: () => { readonly keys: readonly object[] },
): Answer | null {
  const path = request.path.decoded;
  if (!isOwnPath(path)) {
    return null;
  }
  switch (path) {
    case '/ping':
    case '/healthz':
      return readOnly(request, text(200, 'OK\n'));
    case JWKS_PATH:
      return readOnly(request, unlessKnown(request, json(jwks(), [['cache-control', 'max-age=60']])));
    case '/.well-known/pomerium':
      return readOnly(
        request,
        json({ issuer: request.host, jwks_uri: `${scheme}://${request.authority}${JWKS_PATH}` }, []),
      );
    default:
      return text(404, 'Not Found\n');
  }
}

function readOnly(request: ClientRequest, answer: Answer): Answer {
  if (request.method === 'GET' || request.method === 'HEAD') {
    return answer;
  }
  return text(405, 'Method Not Allowed\n', [['allow', 'GET, HEAD']]);
}

/** RFC 9110 section 13.1.2. */
function unlessKnown(request: ClientRequest, answer: Answer): Answer {
  const etag = `"${createHash('sha256').update(answer.body).digest('base64url')}"`;
  const headers: readonly Header[] = [...answer.headers, ['etag', etag]];
  const isKnown = request.headers.some(
    ([name, value]) =>
      name === 'if-none-match' && value.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag),
  );
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
