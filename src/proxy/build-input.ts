import type { Route } from '../config/config.ts';
import type { InputDocument } from '../engine/documents.ts';
import type { Scheme } from './find-scheme.ts';
import type { Header } from './header.ts';
import type { Identified } from './identify.ts';
import type { ClientRequest } from './read-request.ts';

/** The facts of a request as Rego judges them; a route that is not in the table has the id "". */
export function buildInput(
  route: Route | null,
  request: ClientRequest,
  scheme: Scheme,
  identified: Pick<Identified, 'caller' | 'headers' | 'original' | 'originalError'>,
): InputDocument {
  return {
    route: { id: route?.id ?? '', name: route?.name ?? '' },
    request: {
      method: request.method,
      scheme,
      host: request.host,
      path: request.path.decoded,
      query: request.search.slice(1),
      headers: listByName(identified.headers),
      ip: request.addresses[0],
      client_certificate: null,
    },
    caller: identified.caller,
    original_user: identified.original?.user ?? null,
    original_user_error: identified.originalError,
    time_ns: Date.now() * 1e6,
  };
}

function listByName(headers: readonly Header[]): Readonly<Record<string, readonly string[]>> {
  const lists: Record<string, string[]> = Object.create(null);
  for (const [name, value] of headers) {
    if (name !== 'authorization' && name !== 'cookie') {
      lists[name] ??= [];
      lists[name].push(value);
    }
  }
  return lists;
}
