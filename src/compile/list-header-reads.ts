import type { Route } from '../config/config.ts';
import type { RouteReads } from '../reads.ts';

/** What the headers that a route sets read of a request. */
export function listHeaderReads({ setRequestHeaders }: Route): Partial<RouteReads> {
  const parts = setRequestHeaders.flatMap((header) => header.parts);
  return {
    request: parts.some(({ kind }) => kind === 'client_certificate') ? ['client_certificate'] : [],
    headers: parts.flatMap((part) => (part.kind === 'request_header' ? part.name : [])),
  };
}
