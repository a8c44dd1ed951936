import { isIP } from 'node:net';
import { buildConnector, Pool } from 'undici';
import type { Route } from '../config/config.ts';

export interface Upstream {
  readonly url: URL;
  readonly pool: Pool;
}

export interface Upstreams {
  /** The route's upstream whose turn it is. */
  next(route: Route): Upstream;
  /** Ends all connections at once. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const MAX_HEADER_BYTES = 64 * 1024;
/** Connections to one upstream; further requests wait their turn, within the route's timeout. Envoy's default. */
const MAX_CONNECTIONS = 1024;

/** Pools of kept-alive connections, one an origin, made when first needed. */
export function openUpstreams(): Upstreams {
  const pools = new Map<string, Pool>();
  const turns = new Map<string, number>();
  return {
    next(route) {
      const turn = turns.get(route.id) ?? 0;
      turns.set(route.id, (turn + 1) % route.to.length);
      const url = route.to[turn] ?? route.to[0];
      let pool = pools.get(url.origin);
      if (pool === undefined) {
        pool = openPool(url);
        pools.set(url.origin, pool);
      }
      return { url, pool };
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

function openPool(url: URL): Pool {
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, allowH2: false });
  return new Pool(url.origin, {
    allowH2: false,
    connections: MAX_CONNECTIONS,
    maxHeaderSize: MAX_HEADER_BYTES,
    // The exchange has one limit of its own, the route's.
    headersTimeout: 0,
    bodyTimeout: 0,
    // The name that TLS asks for and verifies is the upstream's own, whatever Host is sent.
    connect: (options, callback) => connect({ ...options, servername: isIP(hostname) === 0 ? hostname : '' }, callback),
  });
}
