import { isDroppedName } from '../dropped-names.ts';
import { BehalfError } from '../errors.ts';
import { ASSERTION, ASSERTION_FOR, POMERIUM_AUTHORIZATION } from '../reserved-names.ts';
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
        if (!isReserved(name) && !isDroppedName(name)) {
          headers.push([name, value]);
        }
    }
  }
  return { headers, presented };
}
