import type { Scheme } from './find-scheme.ts';
import type { Header } from './header.ts';
import type { ClientRequest } from './read-request.ts';

/** Adds what the upstream may know of the client's side; a client's own words of it were dropped on reading. */
export function addForwarded(
  headers: readonly Header[],
  request: ClientRequest,
  scheme: Scheme,
  requestId: string,
): readonly Header[] {
  return [
    ...headers,
    ['x-forwarded-for', request.addresses.join(', ')],
    ['x-forwarded-host', request.authority],
    ['x-forwarded-proto', scheme],
    ['x-request-id', requestId],
  ];
}
