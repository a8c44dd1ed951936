import { isIP } from 'node:net';
import { buildConnector, Pool } from 'undici';
import type { Route, UpstreamTls } from '../config/config.ts';

export interface Upstream {
  readonly url: URL;
  readonly pool: Pool;
  readonly tls: TlsOptions;
}

/** Whom a TLS connection asks for and trusts, in Node's words. */
export interface TlsOptions {
  /** "" where the upstream is an address, which TLS does not ask for by name. */
  readonly servername: string;
  readonly rejectUnauthorized: boolean;
  /** PEM of the certificates to trust instead of the system's. */
  readonly ca?: string;
}

export interface Upstreams {
  /** The route's upstream whose turn it is. */
  next(route: Route): Upstream;
  /** Ends all connections at once. */
  close(): Promise<void>;
}

export const CONNECT_TIMEOUT_MS = 10_000;
export const MAX_HEADER_BYTES = 64 * 1024;
/** Connections to one upstream; further requests wait their turn, within the route's timeout. Envoy's default. */
const MAX_CONNECTIONS = 1024;

/** Pools of kept-alive connections, one an origin and a way to trust it, made when a route first needs them. */
export function openUpstreams(): Upstreams {
  const pools = new Map<string, Pool>();
  const rings = new Map<Route, { readonly upstreams: readonly Upstream[]; turn: number }>();

  const open = (url: URL, settings: UpstreamTls): Upstream => {
    const tls = writeTlsOptions(url, settings);
    const key = JSON.stringify([url.origin, tls]);
    const pool = pools.get(key) ?? openPool(url, tls);
    pools.set(key, pool);
    return { url, pool, tls };
  };

  return {
    next(route) {
      let ring = rings.get(route);
      if (ring === undefined) {
        ring = { upstreams: route.to.map((url) => open(url, route.tls)), turn: 0 };
        rings.set(route, ring);
      }
      const upstream = ring.upstreams[ring.turn];
      if (upstream === undefined) {
        throw new TypeError(`the route ${route.id} has no upstream`);
      }
      ring.turn = (ring.turn + 1) % ring.upstreams.length;
      return upstream;
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

/** The name that is asked for and verified is the upstream's own, whatever Host is sent, unless the route has another. */
function writeTlsOptions({ hostname }: URL, { serverName, skipVerify, customCa }: UpstreamTls): TlsOptions {
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
  return {
    servername: serverName ?? (isAddress ? '' : hostname),
    rejectUnauthorized: !skipVerify,
    ...(customCa === null ? {} : { ca: customCa }),
  };
}

function openPool(url: URL, tls: TlsOptions): Pool {
  const isTls = url.protocol === 'https:';
  const { servername, ...trust } = tls;
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, allowH2: false, ...(isTls ? trust : {}) });
  return new Pool(url.origin, {
    allowH2: false,
    connections: MAX_CONNECTIONS,
    maxHeaderSize: MAX_HEADER_BYTES,
    // An exchange has limits of its own, the route's.
    headersTimeout: 0,
    bodyTimeout: 0,
    // A name given for clear text would be looked up in the address's place.
    connect: (options, callback) => connect({ ...options, servername: isTls ? servername : '' }, callback),
  });
}
