import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ProviderServer extends AsyncDisposable {
  readonly issuer: string;
  /** Requests so far, by path. */
  readonly requests: { discovery: number; jwks: number };
  /** What is published; changed by tests that rotate. */
  keys: object[];
  /** Members of the discovery document that differ. */
  discovery: object;
  /** Answers instead of the two documents: for outages and lies. */
  instead: RequestListener | null;
}

/** A small identity provider on loopback: discovery and JWKS. */
export async function startProvider(): Promise<ProviderServer> {
  const server = createServer((request, response) => {
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    provider.requests[isDiscovery ? 'discovery' : 'jwks'] += 1;
    if (provider.instead !== null) return provider.instead(request, response);
    const { issuer, discovery, keys } = provider;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isDiscovery ? { issuer, jwks_uri: `${issuer}/jwks`, ...discovery } : { keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const provider: ProviderServer = {
    issuer: `http://127.0.0.1:${port}`,
    requests: { discovery: 0, jwks: 0 },
    keys: [],
    discovery: {},
    instead: null,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}
