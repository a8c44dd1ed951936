import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createRemoteJWKSet } from 'jose';
import { sendRequest } from './send-request.ts';
import { type Identities, type Trust, verifyHeaders } from './verify-headers.ts';

export interface UpstreamOptions {
  readonly name: string;
  /** The host of its own route. */
  readonly host: string;
  readonly actsForUsersOf: readonly string[];
  /** The proxy: where it publishes its keys, and the way to the next service. */
  readonly proxy: string;
  /** The next service of the chain, and the service account with which to call it; null for the last. */
  readonly next: { readonly host: string; readonly token: string } | null;
}

/** What arrived at an upstream, before it said a word. */
export interface Sighting {
  readonly assertion: string | null;
  readonly assertionFor: string | null;
  /** As the upstream itself verified them; null where it could not. */
  readonly identities: Identities | null;
}

export interface Upstream {
  readonly listener: RequestListener;
  /** What arrived since the last call, the latest hundred. */
  takeSightings(): Sighting[];
}

const KEPT_SIGHTINGS = 100;

/** App, API or API2: verifies who calls and on whose behalf, asks the next service, and answers with all it learnt. */
export function createUpstream({ name, host, actsForUsersOf, proxy, next }: UpstreamOptions): Upstream {
  const keys = createRemoteJWKSet(new URL('/.well-known/pomerium/jwks.json', proxy));
  const trust: Trust = { keys, host, actsForUsersOf };
  let sightings: Sighting[] = [];

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const identities = await verifyHeaders(request.headers, trust).catch((error: Error) => error);
    const proven = identities instanceof Error ? null : identities;
    const sighting = {
      assertion: headerOf(request, 'x-pomerium-jwt-assertion'),
      assertionFor: headerOf(request, 'x-pomerium-jwt-assertion-for'),
      identities: proven,
    };
    sightings = [...sightings, sighting].slice(-KEPT_SIGHTINGS);
    if (proven === null) return respondJson(response, 403, { server: name, error: String(identities) });
    const answer = { server: name, ...proven };
    if (next === null) return respondJson(response, 200, answer);
    const { status, body } = await sendRequest({ address: proxy, host: next.host, headers: onward(request, next) });
    respondJson(response, 200, { ...answer, next: status === 200 ? JSON.parse(body) : { status, body } });
  }

  return {
    listener: (request, response) => {
      respond(request, response).catch((error: Error) => response.destroy(error));
    },
    takeSightings: () => {
      const taken = sightings;
      sightings = [];
      return taken;
    },
  };
}

/** These are about one connection, not about the request (RFC 9110 section 7.6.1). */
const OF_THE_CONNECTION = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);

/** Every header that came, and a service account of its own: all that a service has to do to pass the user on. */
function onward(request: IncomingMessage, next: { token: string }): Record<string, string[]> {
  const received = Object.entries(request.headersDistinct)
    .filter(([name]) => !OF_THE_CONNECTION.has(name))
    .map(([name, values]) => [name, values ?? []]);
  return { ...Object.fromEntries(received), authorization: [`Bearer Pomerium-${next.token}`] };
}

function headerOf(request: IncomingMessage, name: string): string | null {
  return request.headersDistinct[name]?.join(', ') ?? null;
}

function respondJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body, null, 2)}\n`);
}
