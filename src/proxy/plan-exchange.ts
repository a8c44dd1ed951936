import type { Route } from '../config/config.ts';
import type { Exchange } from './exchange.ts';
import type { Upstream } from './open-upstreams.ts';
import type { ClientRequest } from './read-request.ts';
import { rewritePath } from './rewrite-path.ts';

/** For a WebSocket's handshake, where the route has no limit. */
const HANDSHAKE_MS = 30_000;

/** Where a request goes, and how long it may take. @throws BehalfError ERR_REQUEST_MALFORMED (`path-rewrite`) */
export function planExchange(
  route: Route,
  request: ClientRequest,
  upstream: Upstream,
): Pick<Exchange, 'upstream' | 'target' | 'host' | 'limits' | 'upgradeLimits'> {
  const { timeoutMs, upgradeTimeoutMs, idleTimeoutMs } = route;
  const ownHost = route.preserveHostHeader ? request.authority : upstream.url.host;
  return {
    upstream,
    target: rewritePath(route, request.path) + request.search,
    host: route.hostRewrite ?? ownHost,
    ...(request.isUpgrade
      ? {
          limits: { timeoutMs: timeoutMs || HANDSHAKE_MS, idleTimeoutMs: 0 },
          upgradeLimits: { timeoutMs: upgradeTimeoutMs, idleTimeoutMs },
        }
      : { limits: { timeoutMs, idleTimeoutMs }, upgradeLimits: null }),
  };
}
