import { BehalfError } from '../errors.ts';
import { HOP_BY_HOP } from '../fixed-names.ts';
import { ASSERTION, ASSERTION_FOR, canonicalName, POMERIUM_AUTHORIZATION } from '../reserved-names.ts';
import type { ReservedNames } from './build-reserved-names.ts';
import { connectionNames } from './connection-names.ts';
import type { Header, RawHeaders } from './header.ts';

export interface ReadHeaders {
  /** What may go on: nothing hop-by-hop, reserved, or the proxy's own to say. Authorization and Cookie are still in. */
  readonly headers: readonly Header[];
  /** Every value under the exact reserved names that are ever read; no other spelling is. */
  readonly presented: Presented;
}

export interface Presented {
  readonly assertion: readonly string[];
  readonly assertionFor: readonly string[];
  readonly authorization: readonly string[];
}

const MAX_HEADERS = 200;

/** In any spelling: what would tell the upstream of another path, method, client or framing than was judged. */
const DROPPED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'client-ip',
  'expect',
  'fastly-client-ip',
  'forwarded',
  'forwarded-for',
  'front-end-https',
  'host',
  // CGI makes HTTP_PROXY of it.
  'proxy',
  'true-client-ip',
  'x-azure-clientip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-envoy-external-address',
  'x-envoy-original-path',
  'x-forwarded',
  'x-host',
  'x-http-host-override',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-forwarded-for',
  'x-original-host',
  'x-original-method',
  'x-original-uri',
  'x-original-url',
  'x-originating-ip',
  'x-real-ip',
  'x-remote-addr',
  'x-request-id',
  'x-rewrite-url',
  'x-scheme',
  'x-url-scheme',
]);

/** Options of `Connection` that would take away what every recipient needs (RFC 9110 section 7.6.1 forbids them). */
const NEVER_HOP_BY_HOP = ['host', 'content-length'];

/**
 * Sorts the headers of a request. What `Connection` names goes first of all, before anything is read.
 *
 * @throws BehalfError ERR_REQUEST_TOO_LARGE; ERR_REQUEST_MALFORMED (`connection`)
 */
export function readHeaders(raw: RawHeaders, isReserved: ReservedNames): ReadHeaders {
  if (raw.length > MAX_HEADERS * 2) {
    throw new BehalfError('ERR_REQUEST_TOO_LARGE', `more than ${MAX_HEADERS} headers`);
  }
  const named = connectionNames(raw);
  for (const name of NEVER_HOP_BY_HOP) {
    if (named.has(name)) {
      throw new BehalfError('ERR_REQUEST_MALFORMED', `Connection names ${name}`, { reason: 'connection' });
    }
  }
  const headers: Header[] = [];
  const presented = { assertion: [] as string[], assertionFor: [] as string[], authorization: [] as string[] };
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    const value = raw[i + 1] as string;
    if (named.has(name)) {
      continue;
    }
    switch (name) {
      case ASSERTION:
        presented.assertion.push(value);
        break;
      case ASSERTION_FOR:
        presented.assertionFor.push(value);
        break;
      case POMERIUM_AUTHORIZATION:
        presented.authorization.push(value);
        break;
      default:
        if (!isReserved(name) && !isDropped(name)) {
          headers.push([name, value]);
        }
    }
  }
  return { headers, presented };
}

function isDropped(name: string): boolean {
  const canonical = canonicalName(name);
  return (
    DROPPED.has(canonical) ||
    canonical.startsWith('x-forwarded-') ||
    // `Content_Length` is no framing here, but may be upstream.
    (canonical === 'content-length' && name !== canonical)
  );
}
