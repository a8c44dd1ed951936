import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createRemoteJWKSet } from 'jose';
import type { Page } from '../pages/page.ts';
import { prefersHtml } from '../prefers-html.ts';
import { sendRequest } from './send-request.ts';
import { type Identities, type Trust, verifyHeaders } from './verify-headers.ts';
import { writeLearnedPage } from './write-learned-page.ts';

export interface UpstreamOptions {
  readonly name: string;
  /** The host of its own route. */
  readonly host: string;
  readonly actsForUsersOf: readonly string[];
  /** The proxy: where it publishes its keys, and the way to the next service. */
  readonly proxy: string;
  /** The next service of the chain, and the service account with which to call it; null for the last. */
  readonly next: NextService | null;
}

/** What a service learnt of a request, and all after it. */
export interface Learned extends Identities {
  readonly server: string;
  readonly next: Learned | Refused | null;
}

/** In place of what a service learnt: it was not reached, or did not take the request. */
export interface Refused {
  readonly server: string;
  readonly status: number;
  readonly body: string;
}

interface NextService {
  readonly name: string;
  readonly host: string;
  readonly token: string;
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

/**
 * App, API or API2: verifies who calls and on whose behalf, asks the next service, and answers with all that they learnt:
 * as a page for who asks for one.
 */
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
    const learned: Learned = { server: name, ...proven, next: next && (await ask(next, request)) };
    if (prefersHtml(request.headers.accept)) respondPage(response, writeLearnedPage(learned));
    else respondJson(response, 200, learned);
  }

  async function ask(service: NextService, request: IncomingMessage): Promise<Learned | Refused> {
    const { host, name: server } = service;
    const { status, body } = await sendRequest({ address: proxy, host, headers: onward(request, service) });
    return status === 200 ? JSON.parse(body) : { server, status, body };
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
function onward(request: IncomingMessage, { token }: NextService): Record<string, string[]> {
  const received = Object.entries(request.headersDistinct)
    .filter(([name]) => !OF_THE_CONNECTION.has(name))
    .map(([name, values]) => [name, values ?? []]);
  return {
    ...Object.fromEntries(received),
    accept: ['application/json'],
    authorization: [`Bearer Pomerium-${token}`],
  };
}

function headerOf(request: IncomingMessage, name: string): string | null {
  return request.headersDistinct[name]?.join(', ') ?? null;
}

function respondJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body, null, 2)}\n`);
}

function respondPage(response: ServerResponse, { html, headers }: Page): void {
  // Whom it greets may have signed out when a browser goes back to it.
  response.writeHead(200, [...headers, ['cache-control', 'no-store']].flat()).end(html);
}
