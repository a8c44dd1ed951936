import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogFields } from '../../src/log.ts';
import { endWithError } from '../../src/proxy/end-with-error.ts';
import type { Exchange } from '../../src/proxy/exchange.ts';
import { forward } from '../../src/proxy/forward.ts';
import { openRounds } from '../../src/proxy/open-rounds.ts';
import { openUpstreams } from '../../src/proxy/open-upstreams.ts';
import { readHeaders } from '../../src/proxy/read-headers.ts';
import { isReservedName } from '../../src/reserved-names.ts';
import { openCookies } from '../../src/sign-in/cookies.ts';
import { routeOf } from './routes.ts';

const PLAIN = {
  look: { name: 'Behalf', logo: null, color: null },
  cookies: openCookies({
    cookieName: '_pomerium',
    cookieDomain: null,
    sameSite: 'lax',
    lifetimeSeconds: 60,
    outageGraceSeconds: 0,
  }),
};

export interface Forwarder extends AsyncDisposable {
  readonly url: string;
  /** How each request that failed ended, as the log would say. */
  readonly failures: LogFields[];
}

/** A server that forwards whatever comes to the upstream in turn, unjudged: `forward` alone between real sockets. */
export async function startForwarder(to: readonly string[], over: Partial<Exchange> = {}): Promise<Forwarder> {
  const upstreams = openUpstreams();
  const [first, ...others] = to.map((url) => new URL(url));
  const route = routeOf('h', { to: [first as URL, ...others] });
  const failures: LogFields[] = [];
  const server = createServer();
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    message.on('error', () => {});
    const upstream = upstreams.next(route);
    try {
      await forward(message, response, {
        upstream,
        target: message.url ?? '/',
        host: upstream.url.host,
        headers: readHeaders(message.rawHeaders, isReservedName).headers,
        limits: { timeoutMs: 10_000, idleTimeoutMs: 0 },
        upgradeLimits: null,
        isReserved: isReservedName,
        isOwnCookie: () => false,
        dropsBody: false,
        editResponseHeaders: (headers) => headers,
        rounds: openRounds(),
        recheck: async () => {},
        ...over,
      });
    } catch (error) {
      failures.push(endWithError(PLAIN, response, 'request', error, () => null));
    }
  };
  server.on('request', serve).on('checkContinue', serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failures,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
      await upstreams.close();
    },
  };
}
